using System.Reflection;
using System.Runtime.Loader;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Instrumentation.Tests.Compiling;

/// <summary>RealCode, built and loaded.</summary>
internal sealed class UserProject(Assembly assembly)
{
    private static readonly Lazy<UserProject> LazyPlain = new(static () => Load(new BuildSettings { Instrumented = false }));

    /// <summary>RealCode as this project's own build made it: with GradGuardInstrument set in the project file.</summary>
    public static UserProject Instrumented { get; } = new(typeof(RealCode.Trainer).Assembly);

    /// <summary>The same sources without instrumentation.</summary>
    public static UserProject Plain => LazyPlain.Value;

    public static UserProject Load(BuildSettings settings)
    {
        using var image = new MemoryStream();
        var result = Compiler.Generate(settings, Compiler.RealCode).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        return new UserProject(AssemblyLoadContext.Default.LoadFromStream(image));
    }

    public nn.Module<Tensor, Tensor> Create(string model)
    {
        var type = assembly.GetType($"RealCode.{model}", throwOnError: true)!;
        var constructor = type.GetConstructors().Single();
        return (nn.Module<Tensor, Tensor>)constructor.Invoke([.. constructor.GetParameters().Select(static parameter => parameter.DefaultValue)]);
    }

    /// <summary>Trains a model from a seed.</summary>
    /// <param name="model">Name of its class.</param>
    /// <param name="seed">Seed of weights and data.</param>
    /// <param name="watch">Called before the first step.</param>
    /// <param name="steps">Steps.</param>
    /// <returns>All parameters afterwards, end to end.</returns>
    public float[] Train(string model, long seed, Func<nn.Module, GradientMonitor?> watch, int steps = 4)
    {
        manual_seed(seed);
        using var module = Create(model);
        using var monitor = watch(module);
        var train = assembly.GetType("RealCode.Trainer")!.GetMethod("Train")!.CreateDelegate<Action<nn.Module<Tensor, Tensor>, int, bool, Action<Tensor>>>();
        train(module, steps, model is "LSTM" or "HandWrittenRecurrence", loss => monitor?.Observe(loss));
        return [.. module.parameters().SelectMany(static parameter => parameter.data<float>().ToArray())];
    }
}
