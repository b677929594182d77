namespace GradGuard.Analyzers.Torch;

/// <summary>What a function of <c>torch.nn.init</c> or a filling method of <c>Tensor</c> writes into a weight, by name.</summary>
internal static class InitializerTable
{
    public static IReadOnlyDictionary<string, TorchOperation> ByName { get; } = new OperationTable
    {
        { new TorchOperation.Initializer(InitializerKind.Zeros), "zeros_", "zero_" },
        { new TorchOperation.Initializer(InitializerKind.Ones), "ones_" },
        { new TorchOperation.Initializer(InitializerKind.Constant), "constant_", "fill_" },
        { new TorchOperation.Initializer(InitializerKind.Normal), "normal_" },
        { new TorchOperation.Initializer(InitializerKind.TruncatedNormal), "trunc_normal_" },
        { new TorchOperation.Initializer(InitializerKind.Uniform), "uniform_" },
        { new TorchOperation.Initializer(InitializerKind.XavierUniform), "xavier_uniform_", "glorot_uniform_" },
        { new TorchOperation.Initializer(InitializerKind.XavierNormal), "xavier_normal_", "glorot_normal_" },
        { new TorchOperation.Initializer(InitializerKind.KaimingUniform), "kaiming_uniform_" },
        { new TorchOperation.Initializer(InitializerKind.KaimingNormal), "kaiming_normal_" },
        { new TorchOperation.Initializer(InitializerKind.Orthogonal), "orthogonal_" },
        { new TorchOperation.Initializer(InitializerKind.Sparse), "sparse_" },
        { new TorchOperation.Initializer(InitializerKind.Identity), "eye_", "dirac_" },
        { new TorchOperation.Initializer(InitializerKind.Other), "exponential_", "cauchy_", "log_normal_", "geometric_",
            "bernoulli_", "random_", "copy_", "set_" },
    }.ByName;
}
