namespace GradGuard.Instrumentation.Tests.Generating;

public sealed class RoleTests
{
    [Theory]
    [InlineData("for (var t = 0; t < 5; t++) x = tanh(fc.call(x));")]
    [InlineData("var h = zeros(1); foreach (var step in x.unbind(0)) h = (step + h.matmul(fc.weight!)).tanh(); x = h;")]
    [InlineData("var hs = new Tensor[6]; hs[0] = x; for (var t = 1; t < 6; t++) hs[t] = functional.relu(fc.call(hs[t - 1])); x = hs[5];")]
    [InlineData("var t = 0; while (t++ < 4) { var a = fc.call(x); x = torch.sigmoid(a); }")]
    public void TheStateOfALoop_IsARecurrence(string body) => AssertRole("State", body);

    [Theory]
    [InlineData("x = torch.sigmoid(fc.call(x)) * x;")]
    [InlineData("x = x * (x.sigmoid());")]
    [InlineData("var gate = torch.sigmoid(fc.call(x)); x = x + gate * x;")]
    [InlineData("x = x.mul(functional.sigmoid(x));")]
    [InlineData("Tensor o; o = x.sigmoid(); x = o.mul_(x);")]
    public void AFactorOfAnotherTensor_IsAGate(string body) => AssertRole("Gate", body);

    [Theory]
    [InlineData("x = torch.sigmoid(fc.call(x)) * 2;")]
    [InlineData("x = tanh(fc.call(x)); x = x + 1;")]
    [InlineData("foreach (var layer in new[] { fc, fc }) x = tanh(layer.call(x));")]
    [InlineData("var layers = new[] { fc, fc }; for (var i = 0; i < 2; i++) x = functional.relu(layers[i].call(x));")]
    [InlineData("for (var i = 0; i < 2; i++) { var y = x.relu(); x = x + y; }")]
    public void AnythingElse_IsPlain(string body) => AssertRole("Plain", body);

    private static void AssertRole(string role, string body)
    {
        var code = Generated.FromModule($"public override Tensor forward(Tensor x) {{ {body} return x; }}");

        Assert.Contains($"ActivationRole.{role})", code, StringComparison.Ordinal);
        Assert.Equal(1, Generated.Count(code, "ActivationCallSite("));
    }
}
