using Xunit.Sdk;
using Xunit.v3;

// Torch has one generator for the whole process: runs beside each other would draw from one another's seeds.
[assembly: Parallelization(Mode = ParallelMode.None)]
