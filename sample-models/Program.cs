Console.WriteLine("GradGuard sample models");
