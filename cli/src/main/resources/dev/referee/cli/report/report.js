'use strict';
(() => {
  const list = document.getElementById('images');
  const rows = Array.from(list.querySelectorAll('details.image'));
  const query = document.getElementById('query');
  const namespace = document.getElementById('namespace');
  const boxes = Array.from(document.querySelectorAll('.tools input[type=checkbox]'));
  const shown = document.getElementById('shown');

  function filter() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter(box => box.checked).map(box => box.value));
    let count = 0;
    for (const row of rows) {
      const text = row.dataset.text;
      const fits = verdicts.has(row.dataset.verdict)
        && (namespace.value === '' || row.dataset.namespace === namespace.value)
        && words.every(word => text.includes(word));
      row.hidden = !fits;
      if (fits) count++;
    }
    shown.textContent = count === rows.length ? count + ' shown' : count + ' of ' + rows.length + ' shown';
    document.getElementById('nothing').hidden = count > 0;
  }

  function sort(button) {
    const descending = button.getAttribute('aria-sort') === 'ascending';
    for (const other of document.querySelectorAll('.heads button')) other.removeAttribute('aria-sort');
    button.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    const key = button.dataset.key;
    const numeric = key === 'rank';
    rows.sort((a, b) => {
      const [one, other] = [a.dataset[key], b.dataset[key]];
      const order = numeric ? Number(one) - Number(other) : one.localeCompare(other);
      return (descending ? -order : order) || Number(a.dataset.position) - Number(b.dataset.position);
    });
    for (const row of rows) list.append(row);
  }

  // What was looked for is part of the address, so that it can be passed on.
  function remember() {
    history.replaceState(null, '', '#' + encodeURIComponent(query.value));
  }

  query.value = decodeURIComponent(location.hash.slice(1));
  query.addEventListener('input', remember);
  for (const control of [query, namespace, ...boxes]) control.addEventListener('input', filter);
  for (const button of document.querySelectorAll('.heads button')) button.addEventListener('click', () => sort(button));
  document.querySelector('.tools').hidden = false;
  filter();
})();
