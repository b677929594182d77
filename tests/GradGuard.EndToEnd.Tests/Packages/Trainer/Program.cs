using System;
using GradGuard.Monitor;
using TorchSharp;
using static TorchSharp.torch;

namespace Trainer
{
    internal static class Program
    {
        private static void Main(string[] args)
        {
            random.manual_seed(1);
            using var net = new Net();
            using var optimizer = optim.Adam(net.parameters(), lr: 1e-3);
            var loss = nn.CrossEntropyLoss();

            using var monitor = GradientMonitor.Attach(net, new GradientMonitorOptions { RunDirectory = args[0] });
            for (var step = 0; step < 250; step++)
            {
                using var scope = NewDisposeScope();
                var x = randn(64, 64);
                var target = x.select(1, 0).gt(0).to(int64);
                optimizer.zero_grad();
                var value = loss.call(net.forward(x), target);
                value.backward();
                monitor.Observe(value);
                optimizer.step();
            }

            foreach (var alert in monitor.Alerts)
                Console.WriteLine(alert);
        }
    }
}
