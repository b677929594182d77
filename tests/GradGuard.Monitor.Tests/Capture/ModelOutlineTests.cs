using GradGuard.Monitor.Capture;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradGuard.Monitor.Tests.Capture;

/// <summary>Whether a model has other modules or parameters than before is told without a path being made.</summary>
public sealed class ModelOutlineTests
{
    [Fact]
    public void A_model_that_stays_as_it_is_changes_once_and_no_more_whatever_it_learns()
    {
        using var model = Model();
        var outline = new ModelOutline(model);
        Assert.True(outline.HasChanged());
        Assert.False(outline.HasChanged());
        using (no_grad())
            ((Linear)model[0]).weight!.fill_(3);
        model.eval();
        foreach (var parameter in model.parameters())
            parameter.requires_grad = false;
        Assert.False(outline.HasChanged());
    }

    [Fact]
    public void A_module_that_comes_is_a_change_and_so_is_a_parameter_that_is_replaced()
    {
        using var model = Model();
        var outline = new ModelOutline(model);
        Assert.True(outline.HasChanged());
        model.append("late", Linear(4, 4));
        Assert.True(outline.HasChanged());
        Assert.False(outline.HasChanged());
        var fc = (Linear)model[0];
        fc.weight = Parameter(fc.weight!.detach().clone());
        Assert.True(outline.HasChanged());
        Assert.False(outline.HasChanged());
    }

    [Fact]
    public void A_module_that_moves_to_another_parent_or_gets_another_name_is_a_change()
    {
        using var block = new Block();
        using var child = Linear(4, 4);
        using var model = new Parent(block);
        block.Put("moves", child);
        var outline = new ModelOutline(model);
        Assert.True(outline.HasChanged());
        block.Remove("moves");
        model.Put("moves", child);
        Assert.True(outline.HasChanged());
        model.Remove("moves");
        model.Put("renamed", child);
        Assert.True(outline.HasChanged());
        Assert.False(outline.HasChanged());
    }

    [Fact]
    public void A_model_without_parts_never_changes()
    {
        using var model = Identity();
        Assert.False(new ModelOutline(model).HasChanged());
    }

    private static Sequential Model() => Sequential(("fc", Linear(8, 4)), ("block", Sequential(("a", Linear(4, 4)), ("b", ReLU()))));

    private class Block() : Module<Tensor, Tensor>("block")
    {
        public void Put(string name, Module module) => _internal_submodules.Add(name, module);

        public void Remove(string name) => _internal_submodules.Remove(name);

        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Parent : Block
    {
        public Parent(Block block) => Put("block", block);
    }
}
