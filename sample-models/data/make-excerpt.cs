#!/usr/bin/env dotnet
// Makes the excerpt of Fashion-MNIST in this folder from the four full files (Debian: dataset-fashion-mnist).
//
//     dotnet run sample-models/data/make-excerpt.cs -- /usr/share/datasets/fashion-mnist sample-models/data
//
// Takes the first 200 training and the first 50 test images of each of the ten classes, in their original order:
// class-balanced, no random number drawn, so the same bytes come out each time (up to the gzip library's version).
#:property TargetFramework=net10.0

using System.Buffers.Binary;
using System.IO.Compression;

const int Classes = 10;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run make-excerpt.cs -- SOURCE DESTINATION");
    return 2;
}

Excerpt("train", perClass: 200);
Excerpt("t10k", perClass: 50);
return 0;

void Excerpt(string part, int perClass)
{
    // IDX: images are magic, count, rows, columns, then one byte a pixel; labels are magic, count, then one byte a label.
    var images = Decompress($"{part}-images-idx3-ubyte.gz");
    var labels = Decompress($"{part}-labels-idx1-ubyte.gz").AsSpan(8);
    int pixels = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(8)) * BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(12));

    var taken = new int[Classes];
    using var imageBytes = new MemoryStream();
    using var labelBytes = new MemoryStream();
    for (int i = 0; i < labels.Length; i++)
    {
        if (taken[labels[i]] == perClass) continue;
        taken[labels[i]]++;
        imageBytes.Write(images.AsSpan(16 + i * pixels, pixels));
        labelBytes.WriteByte(labels[i]);
    }

    Compress($"{part}-images-idx3-ubyte.gz", Header(images.AsSpan(0, 16), Classes * perClass), imageBytes.ToArray());
    Compress($"{part}-labels-idx1-ubyte.gz", Header([0, 0, 8, 1, 0, 0, 0, 0], Classes * perClass), labelBytes.ToArray());
}

static byte[] Header(ReadOnlySpan<byte> original, int count)
{
    var header = original.ToArray();
    BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), count);
    return header;
}

byte[] Decompress(string name)
{
    using var gzip = new GZipStream(File.OpenRead(Path.Combine(args[0], name)), CompressionMode.Decompress);
    using var bytes = new MemoryStream();
    gzip.CopyTo(bytes);
    return bytes.ToArray();
}

void Compress(string name, byte[] header, byte[] body)
{
    using var gzip = new GZipStream(File.Create(Path.Combine(args[1], name)), CompressionLevel.SmallestSize);
    gzip.Write(header);
    gzip.Write(body);
}
