namespace GradGuard.Analyzers.Torch;

/// <summary>The calls a training loop is made of.</summary>
internal enum TrainingCallKind
{
    /// <summary><c>forward(…)</c> written out, which runs no hooks.</summary>
    Forward,

    /// <summary><c>call(…)</c>, which runs hooks.</summary>
    Call,
    Backward,

    /// <summary><c>autograd.grad</c>: gradients without accumulation.</summary>
    Grad,
    ZeroGrad,
    OptimizerStep,
    SchedulerStep,
    ClipGradNorm,
    ClipGradValue,
    NoGrad,
    InferenceMode,
    EnableGrad,
    SetGradEnabled,
    Train,
    Eval,
    Item,
    Detach,
    RetainGrad,

    /// <summary><c>parameters()</c>, <c>named_parameters()</c>.</summary>
    Parameters,
    RegisterComponents,

    /// <summary><c>register_module</c>, <c>add_module</c>, <c>register_parameter</c>, <c>register_buffer</c>.</summary>
    Register,
    RegisterHook,
    LoadState,

    /// <summary>A module moved to a device or data type.</summary>
    MoveModule,
    NewDisposeScope,
    CreateOptimizer,
    CreateScheduler,
}
