namespace GradGuard.Analyzers.Tests.Graph;

/// <summary>The values of <c>forward</c> are followed through every way of writing them down.</summary>
public class ForwardTests
{
    private const string Linear = "readonly Linear fc = Linear(8, 8); readonly Linear fc2 = Linear(8, 8);";

    [Theory]
    [InlineData("return fc.call(x).relu();", "Relu(fc(x))")]
    [InlineData("return functional.leaky_relu(fc.forward(x), 0.2);", "LeakyRelu[0.2](fc(x))")]
    [InlineData("var h = torch.tanh(fc.call(x)); return h;", "Tanh(fc(x))")]
    [InlineData("x = fc.call(x); x.relu_(); return x;", "Relu(fc(x))")]
    [InlineData("using (var y = fc.call(x)) x = y.sigmoid(); return x;", "Sigmoid(fc(x))")]
    [InlineData("using var y = fc.call(x); using var z = y.sigmoid(); return fc2.call(z);", "fc2(Sigmoid(fc(x)))")]
    [InlineData("using (NewDisposeScope()) { return fc.call(x).MoveToOuterDisposeScope(); }", "fc(x)")]
    [InlineData("return x + fc2.call(fc.call(x).relu());", "(x + fc2(Relu(fc(x))))")]
    [InlineData("var y = fc.call(x); y += x; y *= 0.5; return y;", "Scale[0.5, 0]((fc(x) + x))")]
    [InlineData("return x.view(-1, 8).matmul(fc.weight!.t());", "Product[8](Reshape(x), fcᵀ)")]
    [InlineData("return functional.linear(x, fc.weight!, fc.bias);", "(Product[8](x, fc) + fc)")]
    [InlineData("return cat(new[] { x, fc.call(x) }, 1).flatten(1);", "Reshape(Concat(x, fc(x)))")]
    [InlineData("return training ? functional.dropout(x, 0.3, training) : x;", "Branch(Dropout[0.3](x), x)")]
    [InlineData("if (x.shape[0] > 1) x = fc.call(x); else x = fc2.call(x); return x;", "Branch(fc(x), fc2(x))")]
    [InlineData("if (x.dim() == 2) return fc.call(x); return fc2.call(x);", "Branch(fc(x), fc2(x))")]
    [InlineData("Tensor Act(Tensor t) => t.silu(); return Act(fc.call(x));", "Silu(fc(x))")]
    [InlineData("Func<Tensor, Tensor> act = torch.sigmoid; return act(fc.call(x));", "Sigmoid(fc(x))")]
    [InlineData("Func<Tensor, Tensor> act = t => fc2.call(t).tanh(); return act(fc.call(x));", "Tanh(fc2(fc(x)))")]
    [InlineData("var (a, b) = (fc.call(x), fc2.call(x)); return a * b;", "(fc(x) * fc2(x))")]
    [InlineData("return new[] { fc, fc2 }.Aggregate(x, (h, layer) => layer.call(h).relu());", "Relu(fc2(Relu(fc(x))))")]
    [InlineData("return x.detach() + fc.call(x);", "(Cut[Detach](x) + fc(x))")]
    [InlineData("return softmax(bmm(x, x.transpose(1, 2)), -1);", "Softmax(Product[?](x, Reshape(x)))")]
    [InlineData("return functional.scaled_dot_product_attention(x, x, x);", "Attention(x, x, x)")]
    [InlineData("return 3 switch { 1 => fc.call(x), _ => fc2.call(x) };", "fc2(x)")]
    [InlineData("object m = fc; if (m is Linear l) x = l.call(x); return x;", "fc(x)")]
    [InlineData("try { x = fc.call(x); } finally { Console.WriteLine(); } return x;", "fc(x)")]
    [InlineData("return x[TensorIndex.Colon, TensorIndex.Slice(0, 8)].unsqueeze(1).mean(new long[] { 1 });", "Mean(Reshape(x[…]))")]
    public void AForwardIsFollowed(string body, string expected) =>
        Assert.Equal(expected, GraphDump.Outputs(Build.Forward(Linear, body)));

    [Theory]
    [InlineData("readonly LSTM rnn = LSTM(4, 6, numLayers: 2);", "var (y, _, _) = rnn.call(x); return y;", "rnn[?](x)#0")]
    [InlineData("readonly GRU rnn = GRU(4, 6);", "var (_, h) = rnn.call(x); return h[^1];", "rnn[?](x)#1[…]")]
    [InlineData("readonly RNN rnn = RNN(4, 6);", "return rnn.call(x).Item1;", "rnn[?](x)#0")]
    [InlineData("readonly LSTM rnn = LSTM(4, 6, batchFirst: true);", "return rnn.call(x.view(-1, 28, 4)).Item1;", "rnn[28](Reshape(x))#0")]
    [InlineData("readonly MultiheadAttention mha = MultiheadAttention(16, 4);", "var (y, _) = mha.call(x, x, x); return y;", "mha(x, x, x)")]
    [InlineData("readonly Embedding emb = Embedding(100, 16);", "return emb.call(x);", "emb(x)")]
    [InlineData("readonly BatchNorm2d bn = BatchNorm2d(16); readonly MaxPool2d pool = MaxPool2d(2);", "return pool.call(bn.call(x));", "MaxPool[4](bn(x))")]
    public void LayersWithMoreThanOneResult(string fields, string body, string expected) =>
        Assert.Equal(expected, GraphDump.Outputs(Build.Forward(fields, body)));

    [Fact]
    public void ShapesOfConvolutionsAndPooling()
    {
        var graph = Build.Forward(
            "readonly Conv2d conv = Conv2d(1, 8, 5, padding: 2); readonly Conv2d deep = Conv2d(8, 16, (3, 3), stride: (2, 2)); readonly MaxPool2d pool = MaxPool2d(2);",
            "return pool.call(deep.call(conv.call(x.view(-1, 1, 28, 28)))).flatten(1);");
        Assert.Equal("[?, 576]", graph.Outputs[0].Shape.ToString());
        Assert.Equal(72, graph.Layers[1].FanIn);
    }

    [Fact]
    public void AnUnknownCall_IsUnknownWithItsPlace_AndSparesTheRest()
    {
        var graph = Build.Module(
            """
            class Net(Module<Tensor, Tensor> given) : Module<Tensor, Tensor>("net")
            {
                readonly Linear fc = Linear(8, 8);
                public override Tensor forward(Tensor x) => fc.call(given.call(x));
            }
            """);
        Assert.Equal("fc(Unknown[the module 'given' comes from outside](x))", GraphDump.Outputs(graph));
        Assert.Contains("given.call(x)", graph.Unknowns.Single().Location.SourceTree!.ToString().Substring(graph.Unknowns.Single().Location.SourceSpan.Start));
    }
}
