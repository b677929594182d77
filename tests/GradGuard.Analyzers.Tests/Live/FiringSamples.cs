namespace GradGuard.Analyzers.Tests.Live;

/// <summary>For each rule one short file that it fires on, with nothing in any other file.</summary>
internal static class FiringSamples
{
    public static IReadOnlyDictionary<string, string> ById { get; } = new Dictionary<string, string>
    {
        ["GG1001"] = Module("Linear a = Linear(64, 32)", "init.constant_(a.weight, 1);", "return functional.relu(a.call(x));"),
        ["GG1002"] = Module("Linear a = Linear(784, 64), b = Linear(64, 10)", "init.normal_(a.weight, 0, 1);", "return b.call(torch.sigmoid(a.call(x)));"),
        ["GG1003"] = Deep(4, "Tanh()", "init.normal_(linear.weight, 0, 0.005)"),
        ["GG1004"] = Deep(9, "ReLU()", "init.xavier_uniform_(linear.weight)"),
        ["GG1005"] = Module("Linear a = Linear(64, 64), b = Linear(64, 10)", "init.constant_(a.bias, -8);", "return b.call(functional.relu(a.call(x)));"),
        ["GG1006"] = Module("Linear a = Linear(64, 64), b = Linear(64, 10)", "init.zeros_(a.weight); init.zeros_(b.weight);", "return b.call(functional.relu(a.call(x)));"),
        ["GG1007"] = Module("RNN a = RNN(28, 64, batchFirst: true)", "init.normal_(a.get_weight_hh(0)!, 0, 1);", "return a.call(x.view(-1, 28, 28)).Item1;"),
        ["GG1008"] = Module("GroupNorm a = GroupNorm(2, 4)", "", "return a.call(x);"),
        ["GG2001"] = "static class C { static Tensor M(Tensor y) { var W = randn(64, 784); var x = randn(784, 1); return torch.sigmoid(W.matmul(x)); } }",
        ["GG2002"] = Deep(8, "Sigmoid()", ""),
        ["GG2003"] = Module(
            "Linear a = Linear(64, 512), b = Linear(64, 512)", "", "var q = a.call(x); var k = b.call(x); return torch.softmax(q.matmul(k.transpose(-2, -1)), -1);"),
        ["GG2004"] = Module("Linear a = Linear(4, 4)", "", "return 1 / (1 + exp(-a.call(x)));"),
        ["GG2005"] = Step("functional.cross_entropy(functional.relu(fc.call(x)), y).backward();"),
        ["GG2006"] = Deep(12, "ReLU()", ""),
        ["GG2007"] = Module("Linear a = Linear(784, 128), b = Linear(128, 10)", "", "return b.call(a.call(x));"),
        ["GG3001"] = Loop("optimizer.zero_grad(); lstm.call(x).Item1.mean().backward(); optimizer.step();", "optim.Adam(lstm.parameters())"),
        ["GG3002"] = "static class C { static Tensor M(Tensor h) { var W = Parameter(randn(64, 64)); for (var t = 0; t < 50; t++) h = W.matmul(h); return h; } }",
        ["GG3003"] = Loop(
            "optimizer.zero_grad(); Tensor o; (o, h) = gru.call(x, h); o.mean().backward(); optimizer.step();",
            "optim.Adam(gru.parameters())",
            before: "Tensor h = zeros(1, 8, 2);",
            scope: ""),
        ["GG3004"] = Module("RNN a = RNN(32, 64, batchFirst: true)", "", "return a.call(x.view(-1, 200, 32)).Item1;"),
        ["GG4001"] = Loop("fc.call(x).mean().backward(); optimizer.step();"),
        ["GG4002"] = Loop("optimizer.zero_grad(); torch.nn.utils.clip_grad_norm_(fc.parameters(), 1); fc.call(x).mean().backward(); optimizer.step();"),
        ["GG4003"] = Loop("fc.call(x).mean().backward(); optimizer.zero_grad(); optimizer.step();"),
        ["GG4004"] = Loop(
            "scheduler.step(); optimizer.zero_grad(); fc.call(x).mean().backward(); optimizer.step();",
            before: "var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);"),
        ["GG4005"] = Loop("using var off = no_grad(); fc.call(x).mean().backward();"),
        ["GG4006"] = Step("Console.WriteLine(optim.Adam(fc.parameters(), 1.0));"),
        ["GG4007"] = Loop(
            "optimizer.zero_grad(); var loss = fc.call(x).mean(); loss.backward(); optimizer.step(); total += loss;", before: "var total = zeros(1);", after: "Console.WriteLine(total);"),
        ["GG4008"] = Step("fc.eval(); foreach (var b in new[] { x }) Console.WriteLine(fc.call(b).argmax(1));"),
        ["GG4009"] = Loop("optimizer.zero_grad(); var loss = fc.call(x).mean(); loss.backward(); optimizer.step();", scope: ""),
        ["GG4010"] = Loop(
            "adam.zero_grad(); second.call(x).mean().backward(); adam.step();",
            before: "var first = Linear(2, 2); var second = Linear(2, 2); var adam = optim.Adam(first.parameters());"),
        ["GG5001"] = Step("functional.cross_entropy(functional.softmax(fc.call(x), 1), y).backward();"),
        ["GG5002"] = Step("functional.binary_cross_entropy(fc.call(x).sigmoid(), y).backward();"),
        ["GG5003"] = Step("functional.nll_loss(fc.call(x), y).backward();"),
        ["GG5004"] = Step("Console.WriteLine(torch.log(torch.softmax(fc.call(x), 1)));"),
        ["GG5005"] = Step("functional.mse_loss(fc.call(x), y).clamp(0, 1).backward();"),
        ["GG5006"] = Step("var loss = functional.mse_loss(fc.call(x), y); torch.tensor(loss.item<float>()).backward();"),
        ["GG5007"] = Module("Linear a = Linear(4, 4)", "", "return torch.log(a.call(x).relu());"),
        ["GG5008"] = Module("Linear a = Linear(4, 1)", "", "return torch.softmax(a.call(x), -1);"),
        ["GG5009"] = Step("var loss = functional.mse_loss(fc.call(x), y); loss.backward(); loss.backward();"),
        ["GG6001"] = Step("Console.WriteLine(fc.forward(x));"),
        ["GG6002"] = "class Net : Module<Tensor, Tensor> { private Linear a; public Net() : base(\"net\") { RegisterComponents(); a = Linear(4, 4); } public override Tensor forward(Tensor x) => a.call(x); }",
        ["GG6003"] =
            """
            abstract class Base : Module<Tensor, Tensor> { protected Base() : base("base") => RegisterComponents(); }
            class Net : Base { private readonly Linear a; public Net() => a = Linear(4, 4); public override Tensor forward(Tensor x) => a.call(x); }
            """,
        ["GG6004"] = Module("Linear a = Linear(4, 4), b = Linear(4, 4)", "", "return a.call(x);"),
        ["GG6005"] = Module("Linear a = Linear(4, 4)", "", "return functional.dropout(a.call(x));"),
        ["GG6006"] = Step("using var monitor = GradGuard.Monitor.GradientMonitor.Attach(fc);"),
        ["GG6007"] = Module("Sequential a = Sequential(Linear(784, 256), ReLU(), Linear(128, 10))", "", "return a.call(x);"),
    };

    private static string Module(string field, string constructor, string forward) =>
        $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly {{field}};

            public Net() : base("net")
            {
                {{constructor}}
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                {{forward}}
            }
        }
        """;

    private static string Deep(int depth, string activation, string initializer) => Module(
        "Sequential a = Sequential()",
        $$"""
        for (var i = 0; i < {{depth}}; i++)
                {
                    var linear = Linear(256, 256);
                    {{(initializer.Length > 0 ? initializer + ";" : "")}}
                    a.append(linear);
                    a.append({{activation}});
                }
                a.append(Linear(256, 10));
        """,
        "return a.call(x);");

    private static string Step(string statements) =>
        $$"""
        class Script
        {
            private readonly Linear fc = Linear(4, 3);
            private void Run(Tensor x, Tensor y)
            {
                {{statements}}
            }
        }
        """;

    private static string Loop(
        string body, string optimizer = "optim.SGD(fc.parameters(), 0.1)", string before = "", string after = "", string scope = "using var scope = torch.NewDisposeScope();") =>
        $$"""
        class Script
        {
            private readonly LSTM lstm = LSTM(2, 2);
            private readonly GRU gru = GRU(2, 2);
            private readonly Linear fc = Linear(2, 2);

            private void Run(Tensor[] batches)
            {
                var optimizer = {{optimizer}};
                {{before}}
                foreach (var x in batches)
                {
                    {{scope}}
                    {{body}}
                }
                {{after}}
            }
        }
        """;
}
