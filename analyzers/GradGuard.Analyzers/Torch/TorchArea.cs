namespace GradGuard.Analyzers.Torch;

/// <summary>The part of TorchSharp's API that declares a member.</summary>
internal enum TorchArea
{
    /// <summary>Anything else in the assembly.</summary>
    Other,

    /// <summary><c>TorchSharp.torch</c>.</summary>
    Torch,

    /// <summary><c>torch.Tensor</c> and what derives from it.</summary>
    Tensor,

    /// <summary><c>TensorExtensionMethods</c>.</summary>
    TensorExtensions,

    /// <summary><c>torch.nn</c>: the factories of modules and parameters.</summary>
    NN,

    /// <summary><c>torch.nn.functional</c>.</summary>
    Functional,

    /// <summary><c>torch.nn.init</c>.</summary>
    Initializers,

    /// <summary><c>torch.special</c>.</summary>
    Special,

    /// <summary><c>torch.linalg</c>.</summary>
    LinearAlgebra,

    /// <summary><c>torch.autograd</c>.</summary>
    Autograd,

    /// <summary><c>torch.nn.utils</c>: gradient clipping.</summary>
    Gradients,

    /// <summary><c>torch.nn.Module</c>, its generic forms and every module class.</summary>
    Module,

    /// <summary><c>ModuleExtensionMethods</c>.</summary>
    ModuleExtensions,

    /// <summary><c>torch.optim</c>: the factories of optimizers.</summary>
    OptimizerFactories,

    /// <summary><c>torch.optim.lr_scheduler</c>: the factories of schedulers.</summary>
    SchedulerFactories,

    /// <summary><c>torch.optim.Optimizer</c> and its subclasses.</summary>
    Optimizer,

    /// <summary><c>LRScheduler</c> and its subclasses.</summary>
    Scheduler,
}
