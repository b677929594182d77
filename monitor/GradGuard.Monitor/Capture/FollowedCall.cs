using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>A call, once its outputs are held.</summary>
/// <param name="Layer">What was called.</param>
/// <param name="Input">The first tensor that it took, as the program's handle.</param>
/// <param name="Outputs">What it returned.</param>
/// <param name="IsDerived">True when the program made the output in another form.</param>
internal readonly record struct FollowedCall(HookedLayer Layer, Tensor? Input, HeldTensor[] Outputs, bool IsDerived);
