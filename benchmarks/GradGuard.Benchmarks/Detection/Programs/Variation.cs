using GradGuard.Benchmarks.Detection.Architectures;
using GradGuard.Benchmarks.Detection.Tasks;
using GradGuard.Monitor;
using static TorchSharp.torch;

namespace GradGuard.Benchmarks.Detection.Programs;

/// <summary>What sets a program apart from the plain one: a fault, or something unusual but right. Each method is one place to differ at.</summary>
internal abstract class Variation
{
    /// <summary>What it is called in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>Steps that the program trains; more than usual where it takes time to show.</summary>
    public virtual int Steps(int usual) => usual;

    /// <summary>Samples in a batch.</summary>
    public virtual int BatchSize(int usual) => usual;

    /// <summary>Another member of the architecture's family.</summary>
    public virtual Architecture Redesign(Architecture architecture) => architecture;

    /// <summary>Changes the order of the stages, or adds some.</summary>
    public virtual void Rewire(List<Stage> stages)
    {
    }

    /// <summary>Changes the fresh model, before the optimizer and the monitor see it.</summary>
    public virtual void Prepare(nn.Module<Tensor, Tensor> model)
    {
    }

    /// <summary>Steps to train unwatched before the run begins.</summary>
    public virtual int StepsBefore => 0;

    /// <summary>Called between the unwatched steps and the run, with the data.</summary>
    public virtual void BeforeRun(Tensor inputs, Tensor targets)
    {
    }

    /// <summary>The learning rate of a step.</summary>
    public virtual double Rate(double usual, int step) => usual;

    /// <summary>The inputs as the program feeds them at every step, and at evaluation.</summary>
    public virtual Tensor Feed(Tensor inputs) => inputs;

    /// <summary>What happens to the batch of one step alone.</summary>
    public virtual Tensor Spoil(Tensor inputs, int step) => inputs;

    /// <summary>The loss that the program differentiates.</summary>
    public virtual Tensor Loss(LearningTask task, Tensor output, Tensor targets) => task.Loss(output, targets);

    /// <summary>True where the gradients of the last step are zeroed before the next.</summary>
    public virtual bool ZeroesGradients(int step) => true;

    /// <summary>Between backward and the monitor's look, where there is a monitor.</summary>
    public virtual void AfterBackward(nn.Module<Tensor, Tensor> model, GradientMonitor? monitor)
    {
    }

    /// <summary>True where the optimizer steps.</summary>
    public virtual bool Updates(int step) => true;
}
