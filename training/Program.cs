using ServerlessRec.Training.Cli;
using Spectre.Console;

return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Out, Console.Error, TimeProvider.System);
