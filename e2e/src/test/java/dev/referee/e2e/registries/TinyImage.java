package dev.referee.e2e.registries;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// An image layer with one program that needs nothing but a Linux kernel on x86-64, and ends with
/// an exit code that nothing else would end with.
public final class TinyImage {
  public static final int EXIT_CODE = 42;
  public static final String PROGRAM = "answer";

  private static final int BLOCK = 512;
  private static final int ELF_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final long BASE = 0x400000;

  private TinyImage() {}

  /// A tar archive (POSIX ustar) of the program.
  public static byte[] layer() {
    var program = program();
    var tar = new byte[BLOCK + BLOCK + 2 * BLOCK];
    put(tar, 0, PROGRAM);
    put(tar, 100, "0000755\0");
    put(tar, 108, "0000000\0");
    put(tar, 116, "0000000\0");
    put(tar, 124, "%011o\0".formatted(program.length));
    put(tar, 136, "00000000000\0");
    // The sum is taken with blanks in its own place.
    put(tar, 148, "        0");
    put(tar, 257, "ustar\00000");
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += tar[i] & 0xff;
    }
    put(tar, 148, "%06o\0 ".formatted(sum));
    System.arraycopy(program, 0, tar, BLOCK, program.length);
    return tar;
  }

  private static void put(byte[] tar, int offset, String text) {
    var bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, tar, offset, bytes.length);
  }

  /// ELF-64: header, one loadable segment, and the system call `exit(42)`.
  private static byte[] program() {
    byte[] code = {
      (byte) 0xbf,
      EXIT_CODE,
      0,
      0,
      0, // mov edi, 42
      (byte) 0xb8,
      60,
      0,
      0,
      0, // mov eax, 60
      0x0f,
      0x05 // syscall
    };
    int size = ELF_HEADER + PROGRAM_HEADER + code.length;
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0})
        .putLong(0)
        .putShort((short) 2) // executable
        .putShort((short) 62) // x86-64
        .putInt(1)
        .putLong(BASE + ELF_HEADER + PROGRAM_HEADER)
        .putLong(ELF_HEADER)
        .putLong(0)
        .putInt(0)
        .putShort((short) ELF_HEADER)
        .putShort((short) PROGRAM_HEADER)
        .putShort((short) 1)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(1) // to be loaded
        .putInt(5) // read and execute
        .putLong(0)
        .putLong(BASE)
        .putLong(BASE)
        .putLong(size)
        .putLong(size)
        .putLong(0x1000)
        .put(code)
        .array();
  }
}
