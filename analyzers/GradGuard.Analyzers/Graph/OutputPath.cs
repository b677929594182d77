namespace GradGuard.Analyzers.Graph;

/// <summary>The way from a value to the model's result.</summary>
internal static class OutputPath
{
    /// <summary>True where a value reaches the result or a loss past activations, reshapes and biases alone, and nothing else reads it.</summary>
    public static bool IsOutput(ModelGraph graph, GraphNode node)
    {
        var seen = new HashSet<GraphNode> { node };
        var open = new Queue<GraphNode>(seen);
        var arrives = false;
        while (open.Count > 0)
        {
            var value = open.Dequeue();
            arrives |= graph.Outputs.Contains(value);
            foreach (var user in graph.UsersOf(value))
            {
                if (user is LossNode)
                    arrives = true;
                else if (!PassesAlone(user))
                    return false;
                else if (seen.Add(user))
                    open.Enqueue(user);
            }
        }

        return arrives;
    }

    /// <summary>True where <paramref name="node"/> changes the one value it reads and joins it with none but a tensor of the program's own.</summary>
    public static bool PassesAlone(GraphNode node) =>
        node is ActivationNode or ReshapeNode or DropoutNode or PoolingNode or ScaleNode
        || (node is AddNode && node.Inputs.Any(input => input is TensorNode));
}
