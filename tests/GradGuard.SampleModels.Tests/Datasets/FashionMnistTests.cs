using GradGuard.SampleModels.Datasets;

namespace GradGuard.SampleModels.Tests.Datasets;

public sealed class FashionMnistTests
{
    [Fact]
    public void The_excerpt_holds_as_many_images_of_each_class()
    {
        using var data = new FashionMnist().Load(null, seed: 1);

        Assert.Equal([2000, 784], data.TrainInputs.shape);
        Assert.Equal([500, 784], data.TestInputs.shape);
        Assert.Equal(Enumerable.Repeat(200L, 10), data.TrainTargets.bincount(null).data<long>());
        Assert.Equal(Enumerable.Repeat(50L, 10), data.TestTargets.bincount(null).data<long>());
    }

    [Fact]
    public void Inputs_are_standardised()
    {
        using var data = new FashionMnist().Load(null, seed: 1);

        Assert.InRange(data.TrainInputs.mean().item<float>(), -0.05f, 0.05f);
        Assert.InRange(data.TrainInputs.std().item<float>(), 0.95f, 1.05f);
    }

    [Fact]
    public void No_two_training_images_are_the_same()
    {
        var images = IdxFile.Read(Path.Combine(FashionMnist.ExcerptDirectory, "train-images-idx3-ubyte.gz"));

        Assert.Equal(2000, images.Data.Chunk(784).Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Plain_files_are_read_as_well()
    {
        using var directory = new TemporaryDirectory();
        foreach (var (part, count) in new (string, byte)[] { ("train", 20), ("t10k", 10) })
        {
            directory.Write($"{part}-images-idx3-ubyte", Images(count));
            directory.Write($"{part}-labels-idx1-ubyte", Labels(count, label: 3));
        }

        using var data = new FashionMnist().Load(directory.Path, seed: 1);

        Assert.Equal([20, 784], data.TrainInputs.shape);
        Assert.Equal([10], data.TestTargets.shape);
        Assert.True(data.TrainTargets.eq(3).all().item<bool>());
    }

    [Fact]
    public void Labels_that_do_not_fit_the_images_are_refused()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("train-images-idx3-ubyte", Images(20));
        directory.Write("train-labels-idx1-ubyte", Labels(19, label: 0));

        Assert.EndsWith("holds an array of 19, but there are 20 images", RefusalOf(directory));
    }

    [Fact]
    public void Labels_beyond_the_classes_are_refused()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("train-images-idx3-ubyte", Images(20));
        directory.Write("train-labels-idx1-ubyte", Labels(20, label: 10));

        Assert.EndsWith("label 10 is none of the 10 classes 0…9", RefusalOf(directory));
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);
        directory.Write("train-labels-idx1-ubyte", Labels(1, label: 0));

        Assert.EndsWith("holds an array of 1 × 2 × 2, not images of 28 × 28", RefusalOf(directory));
    }

    [Fact]
    public void Files_without_an_image_are_refused()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("train-images-idx3-ubyte", Images(0));
        directory.Write("train-labels-idx1-ubyte", Labels(0, label: 0));

        Assert.EndsWith("holds no image", RefusalOf(directory));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var directory = new TemporaryDirectory();

        var error = Assert.Throws<FileNotFoundException>(() => new FashionMnist().Load(directory.Path, seed: 1));

        Assert.Equal($"{directory.Path}: holds neither train-images-idx3-ubyte.gz nor train-images-idx3-ubyte", error.Message);
    }

    [Fact]
    public void A_missing_directory_is_named() =>
        Assert.Equal("nowhere: no such directory",
            Assert.Throws<DirectoryNotFoundException>(() => new FashionMnist().Load("nowhere", seed: 1)).Message);

    private static string RefusalOf(TemporaryDirectory directory) =>
        Assert.Throws<InvalidDataException>(() => new FashionMnist().Load(directory.Path, seed: 1)).Message;

    private static byte[] Images(byte count) => [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[count * 784]];

    private static byte[] Labels(byte count, byte label) => [0, 0, 8, 1, 0, 0, 0, count, .. Enumerable.Repeat(label, count)];
}
