using System.IO.Compression;
using GradGuard.SampleModels.Datasets;

namespace GradGuard.SampleModels.Tests.Datasets;

public sealed class IdxFileTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Fact]
    public void A_plain_file_gives_its_shape_and_elements()
    {
        var file = Read(TwoByThree);

        Assert.Equal([2, 3], file.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 255], file.Data);
    }

    [Fact]
    public void A_gzipped_file_is_told_by_its_content()
    {
        var file = Read(Gzip(TwoByThree));

        Assert.Equal([2, 3], file.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 255], file.Data);
    }

    [Fact]
    public void An_array_without_elements_is_an_array() => Assert.Empty(Read([0, 0, 8, 1, 0, 0, 0, 0]).Data);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public void Elements_of_any_number_come_out_in_order(int count)
    {
        var body = new byte[count];
        new Random(count).NextBytes(body);
        byte[] content = [0, 0, 8, 1, 0, (byte)(count >> 16), (byte)(count >> 8), (byte)count, .. body];

        Assert.Equal(body, Read(content).Data);
        Assert.Equal(body, Read(Gzip(content)).Data);
    }

    [Theory]
    [InlineData(new byte[0], "crafted: ends inside the IDX header")]
    [InlineData(new byte[] { 0, 0, 8 }, "crafted: ends inside the IDX header")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1 }, "crafted: ends inside the IDX header")]
    [InlineData(new byte[] { 0x89, 0x50, 0x4e, 0x47 }, "crafted: not an IDX file (it starts with 89504E47)")]
    [InlineData(new byte[] { 0, 1, 8, 1, 0, 0, 0, 0 }, "crafted: not an IDX file (it starts with 00010801)")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "crafted: not an IDX file (it starts with 00000800)")]
    [InlineData(new byte[] { 0, 0, 0x0d, 1, 0, 0, 0, 0 }, "crafted: element type 0x0D is not read here, only unsigned bytes (0x08)")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0x80, 0, 0, 0 }, "crafted: dimension 0 has the impossible length 2147483648")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0, 0 }, "crafted: dimension 1 has the impossible length 65536")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 7 }, "crafted: holds 1 of the 3 bytes its header announces")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0x7f, 0, 0, 0, 7 }, "crafted: holds 1 of the 2130706432 bytes its header announces")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 8 }, "crafted: goes on after the 1 bytes its header announces")]
    public void A_malformed_file_is_refused_in_one_line(byte[] content, string message)
    {
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read(content)).Message);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read(Gzip(content))).Message);
    }

    [Fact]
    public void A_truncated_gzip_file_is_refused()
    {
        var body = new byte[5000];
        new Random(1).NextBytes(body);
        var whole = Gzip([0, 0, 8, 1, 0, 0, 0x13, 0x88, .. body]);

        var error = Assert.Throws<InvalidDataException>(() => Read(whole[..(whole.Length / 2)]));

        Assert.StartsWith("crafted: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Damaged_gzip_data_is_refused()
    {
        var whole = Gzip(TwoByThree);
        whole[10] = 0xff;

        Assert.StartsWith("crafted: damaged gzip data", Assert.Throws<InvalidDataException>(() => Read(whole)).Message);
    }

    private static IdxFile Read(byte[] content) => IdxFile.Read(new MemoryStream(content), "crafted");

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(content);
        return compressed.ToArray();
    }
}
