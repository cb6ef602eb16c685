using System.Diagnostics;
using System.Globalization;

namespace Lythonic.Dag.Sqlite.Tests.Faults;

/// <summary>The entry points of this assembly when the tests start it as a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>The run that the process is killed in.</summary>
    public const string RunId = "killed";

    /// <summary>How many nodes of the DAG whose nodes take the process down run one after another.</summary>
    public const int DoomedChain = 10;

    private const int DoomedElements = 6;

    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(ChildProcess).Assembly.Location, .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    /// <summary>Starts this assembly as a user other than root, so that file permissions apply.</summary>
    public static Process StartBound(params string[] args)
    {
        string[] bound = Environment.UserName == "root" ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "dotnet"] : ["dotnet"];
        return Process.Start(
            new ProcessStartInfo(
                bound[0], [.. bound[1..], typeof(ChildProcess).Assembly.Location, .. args]) { RedirectStandardOutput = true })!;
    }

    private static async Task<int> Main(string[] args) => args switch
    {
        ["work", var database, var log] => await WorkAsync(database, log, say => new Workload(say).Dag()),
        ["nest", var database, var log] => await WorkAsync(database, log, say => new NestedWorkload(say).Dag()),
        ["keys", var database, var log, var culture] => await KeysAsync(database, log, CultureInfo.GetCultureInfo(culture)),
        ["restart", var database] => await RestartAsync(database),
        ["race", var database, var mode] => await RaceAsync(database, mode),
        ["read", var database] => await ReadAsync(database),
        ["checkpoint", var database] => HoldCheckpointLock(database),
        ["suicide", var database, var log] => await SuicideAsync(database, log),
        _ => 64,
    };

    // Begins the run or restarts it. What a node reports is written to the log, and then to the output, before the node goes on.
    private static Task<int> WorkAsync(string database, string log, Func<Action<string>, Dag> make) =>
        WorkAsync(database, log, make, new DagRunOptions { RunId = RunId });

    private static Task<int> KeysAsync(string database, string log, CultureInfo culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = culture;
        return WorkAsync(database, log, say => new KeyedWorkload(say).Dag(), new DagRunOptions { RunId = RunId, ContinueOnFailure = true });
    }

    private static async Task<int> WorkAsync(string database, string log, Func<Action<string>, Dag> make, DagRunOptions options)
    {
        using var file = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        var dag = make(label =>
        {
            lock (file)
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(label + "\n"));
                Console.Out.WriteLine(label);
            }
        });
        using var store = new SqliteProvenance(database);
        var runner = new DagRunner(dag, store, options);
        var status = store.FindRun(RunId)?.Status;
        if (status != DagRunStatus.Completed)
            status = (status is null ? await runner.RunAsync() : await runner.RestartAsync(RunId)).Status;
        return status == DagRunStatus.Completed ? 0 : 1;
    }

    // Writes what it reads, and then the error that it gets when it tries to write.
    private static async Task<int> ReadAsync(string database)
    {
        using var store = new SqliteProvenance(database);
        try
        {
            var run = store.FindRuns(new Provenance.RunQuery()).Single();
            await Console.Out.WriteLineAsync($"{run.Status.ToName()} {store.GetText(store.GetOutput(store.GetNodeRuns(run).Single())!)}");
            await new DagRunner(OneNode(() => 1), store).RunAsync();
        }
        catch (DagException error)
        {
            await Console.Out.WriteLineAsync($"{error.Id}: {error.Message}");
        }

        return 0;
    }

    // Holds the lock of a checkpoint until it reads a line: byte 121 of the index of the log, see https://sqlite.org/walformat.html.
    private static int HoldCheckpointLock(string database)
    {
        using var index = new FileStream(database + "-shm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (!OperatingSystem.IsLinux())
            return 64;
        index.Lock(121, 1);
        Console.WriteLine("locked");
        Console.ReadLine();
        return 0;
    }

    // Begins the run or restarts it. The first attempt of each node reports itself and kills the process.
    private static async Task<int> SuicideAsync(string database, string log)
    {
        using var store = new SqliteProvenance(database);
        var gate = new object();
        var runner = new DagRunner(Doomed((context, label) =>
        {
            lock (gate)
                File.AppendAllText(log, $"{label}:{context.Attempt}\n");
            while (context.Attempt == 1)
                Process.GetCurrentProcess().Kill();
        }), store, new DagRunOptions { RunId = RunId });
        var result = store.FindRun(RunId) is null ? await runner.RunAsync() : await runner.RestartAsync(RunId);
        return result.Status == DagRunStatus.Completed ? 0 : 1;
    }

    // A chain, then a map over a sub-DAG of two nodes.
    private static Dag Doomed(Action<DagContext, string> begin)
    {
        int Begun(DagContext context, string label, int value)
        {
            begin(context, label);
            return value;
        }

        var element = new Dag("element").Add("x", (int value, DagContext context) => Begun(context, $"x{value}", value))
            .Add("y", (int x, DagContext context) => Begun(context, $"y{x}", x), "x");
        var dag = new Dag("doomed").Add("n0", (DagContext context) => Begun(context, "n0", 1));
        for (var index = 1; index < DoomedChain - 1; index++)
        {
            var label = $"n{index}";
            dag.Add(label, (int before, DagContext context) => Begun(context, label, before), $"n{index - 1}");
        }

        return dag.Add("list", (int last, DagContext context) =>
            Enumerable.Range(0, DoomedElements + Begun(context, "list", 0) * last).ToArray(), $"n{DoomedChain - 2}")
            .Add(DagNode.Map("map", new SubDags(element)), ["list"]);
    }

    // Restarts each run that it gets on its input. The run stays in flight until the input says to finish.
    private static async Task<int> RestartAsync(string database)
    {
        using var store = new SqliteProvenance(database);
        while (Console.ReadLine() is { } runId)
        {
            var dag = OneNode(() =>
            {
                Console.Out.WriteLine("started");
                Console.ReadLine();
                return 1;
            });
            try
            {
                await Console.Out.WriteLineAsync((await new DagRunner(dag, store).RestartAsync(runId)).Status.ToName());
            }
            catch (DagException error)
            {
                await Console.Out.WriteLineAsync(error.Id.ToString());
            }
        }

        return 0;
    }

    // Runs the DAG each time that its input says so: as the only run, or with a lock at its node. The node stays in flight until the input
    // says to finish.
    private static async Task<int> RaceAsync(string database, string mode)
    {
        using var store = new SqliteProvenance(database);
        var node = new DagNode("node", MethodCode.From((DagContext context) =>
        {
            // Once it is read, the start of the node is durable.
            Assert.Equal(1, context.Attempt);
            Console.Out.WriteLine("started");
            Console.ReadLine();
            return 1;
        }), mode == "lock" ? new NodeSettings { Locks = ["raced"] } : null);
        var options = new DagRunOptions { Overlap = Enum.TryParse<DagOverlap>(mode, out var overlap) ? overlap : DagOverlap.Allow };
        while (Console.ReadLine() is not null)
        {
            try
            {
                var result = await new DagRunner(new Dag("raced").Add(node), store, options).RunAsync();
                await Console.Out.WriteLineAsync(
                    result.Status.ToName() + (result.Error is null ? "" : $": {result.Error.ReplaceLineEndings(" ")}"));
            }
            catch (DagException error)
            {
                await Console.Out.WriteLineAsync(error.Id.ToString());
            }
        }

        return 0;
    }

    /// <summary>The DAG of the runs that two processes restart.</summary>
    public static Dag OneNode(Func<int> node) => new Dag("raced").Add("node", node);
}
