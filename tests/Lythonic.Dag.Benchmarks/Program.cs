using System.Globalization;
using System.Runtime.InteropServices;

namespace Lythonic.Dag.Benchmarks;

/// <summary>
/// Measures the module against its peers and floors in one process, and writes a table in Markdown. Each figure is the median of several
/// rounds after a warm-up; a peer is measured in the same round, so that a ratio holds when the machine's speed drifts. Arguments: the
/// number of rounds, and a text that the names of the wanted figures contain.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (IsChild(args))
            return 0;
        var rounds = args.Length > 0 && int.TryParse(args[0], CultureInfo.InvariantCulture, out var given) ? given : 5;
        var wanted = args.Length > 1 ? args[1] : "";
        using var module = new ModuleRunspace();
        Console.WriteLine(
            $"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, "
            + $".NET {Environment.Version}, {rounds} rounds, medians.");
        Console.WriteLine();
        Console.WriteLine("| figure | measured | peer or floor, same run | ratio | each costs |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var figure in Figures.All(module).Where(figure => figure.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)))
            Console.WriteLine(figure.Measure(rounds));
        if (wanted == WatchFigures.Name)
        {
            foreach (var line in WatchFigures.All(rounds))
                Console.WriteLine(line);
        }

        if (wanted == LineFigures.NewSession)
        {
            foreach (var line in LineFigures.InNewProcess(rounds))
                Console.WriteLine(line);
        }

        if (wanted is "" or Figures.Durability)
        {
            foreach (var line in Figures.Store(module, rounds))
                Console.WriteLine(line);
        }

        if (wanted is "" or "processes")
        {
            foreach (var line in SharedFigures.All(module.Folder, Figures.Commits))
                Console.WriteLine(line);
        }

        if (wanted.Length > 0)
            return 0;
        foreach (var line in ProcessFigures.All(rounds).Concat(LineFigures.InNewProcess(rounds))
            .Concat(WatchFigures.All(rounds)))
            Console.WriteLine(line);
        return 0;
    }

    // Whether this process was started to be measured, or to take part, and has done so.
    private static bool IsChild(string[] args)
    {
        switch (args)
        {
            case [ProcessFigures.Child]:
                ProcessFigures.Measure();
                return true;
            case [LineFigures.Child, var what]:
                LineFigures.Measure(what);
                return true;
            case [WatchFigures.Child, var folder]:
                WatchFigures.BeWatcher(folder);
                return true;
            case [SharedFigures.Child, var database, var durability]:
                SharedFigures.Run(database, durability);
                return true;
            case [SharedFigures.FloorChild, var database, var synchronous]:
                SharedFigures.Commit(database, synchronous);
                return true;
            default:
                return false;
        }
    }
}
