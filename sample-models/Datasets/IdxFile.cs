using System.Buffers.Binary;
using System.IO.Compression;

namespace GradGuard.SampleModels.Datasets;

/// <summary>
/// An array of unsigned bytes in the IDX format of the MNIST family: two zero bytes, the element type (8: unsigned byte), the
/// rank, one big-endian 32-bit length per dimension, then the elements in row-major order. Plain or gzipped, told by content.
/// </summary>
/// <param name="Shape">The length of each dimension, slowest first.</param>
/// <param name="Data">The elements, as many as the product of <paramref name="Shape"/>.</param>
public sealed record IdxFile(IReadOnlyList<int> Shape, byte[] Data)
{
    private const byte UnsignedByte = 8;

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not IDX, or not whole; the message is one line that names the file.</exception>
    public static IdxFile Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file, Path.GetFileName(path));
    }

    /// <summary>Reads one IDX array from a seekable stream; <paramref name="name"/> is how errors call it.</summary>
    /// <exception cref="InvalidDataException">The content is not IDX, or not whole.</exception>
    public static IdxFile Read(Stream stream, string name)
    {
        try
        {
            if (!IsGzip(stream)) return Parse(stream, name);
            using var gzip = new GZipStream(stream, CompressionMode.Decompress);
            return Parse(gzip, name);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{name}: ends inside the IDX header");
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: damaged gzip data ({error.Message})", error);
        }
    }

    private static bool IsGzip(Stream stream)
    {
        bool gzip = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        return gzip;
    }

    private static IdxFile Parse(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        stream.ReadExactly(magic);
        if (magic[0] != 0 || magic[1] != 0 || magic[3] == 0)
            throw new InvalidDataException($"{name}: not an IDX file (it starts with {Convert.ToHexString(magic)})");
        if (magic[2] != UnsignedByte)
            throw new InvalidDataException($"{name}: element type 0x{magic[2]:X2} is not read here, only unsigned bytes (0x08)");

        var shape = new int[magic[3]];
        long expected = 1;
        Span<byte> length = stackalloc byte[4];
        for (int dimension = 0; dimension < shape.Length; dimension++)
        {
            stream.ReadExactly(length);
            shape[dimension] = BinaryPrimitives.ReadInt32BigEndian(length);
            if (shape[dimension] < 0 || (expected *= shape[dimension]) > Array.MaxLength)
                throw new InvalidDataException($"{name}: dimension {dimension} has the impossible length {(uint)shape[dimension]}");
        }

        return new IdxFile(shape, ReadBody(stream, expected, name));
    }

    /// <summary>Reads to the end in blocks: a header that lies about its lengths costs no memory.</summary>
    private static byte[] ReadBody(Stream stream, long expected, string name)
    {
        using var body = new MemoryStream();
        var block = new byte[81920];
        int read;
        while ((read = stream.Read(block)) > 0 && body.Length <= expected) body.Write(block, 0, read);

        if (body.Length == expected) return body.ToArray();
        throw new InvalidDataException(body.Length < expected
            ? $"{name}: holds {body.Length} of the {expected} bytes its header announces"
            : $"{name}: goes on after the {expected} bytes its header announces");
    }
}
