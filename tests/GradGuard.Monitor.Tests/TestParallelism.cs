using Xunit.Sdk;
using Xunit.v3;

// torch's random generator belongs to the process: tests that seed it cannot share it.
[assembly: Parallelization(Mode = ParallelMode.None)]
