using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Lythonic.Dag.Runspace.Tests.Harness;

namespace Lythonic.Dag.Runspace.Tests.Hosting;

/// <summary>
/// A pool whose workers cannot be opened. The staged module is not compiled against: what is inside is reached by its names.
/// </summary>
public sealed class WorkerPoolTests : ModuleTest
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly ManualResetEventSlim _open = new();
    private int _tries;

    [Fact]
    public async Task Every_call_that_waits_is_told_that_no_worker_can_be_opened()
    {
        var pool = Pool();
        var calls = Enumerable.Range(0, 8).Select(_ => Add(pool)).ToList();

        _open.Set();

        foreach (var call in calls)
            Assert.Contains("no room", await ErrorOf(call), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_failed_tries_again_with_the_next_call()
    {
        _open.Set();
        var pool = Pool();

        Assert.Contains("no room 1", await ErrorOf(Add(pool)), StringComparison.Ordinal);
        Assert.Contains("no room 2", await ErrorOf(Add(pool)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_is_opened_ahead_is_the_only_one_that_opens_for_the_first_call()
    {
        var pool = Pool();
        pool.GetType().GetMethod("OpenAhead", Any)!.Invoke(pool, [Snapshot()]);
        var call = Add(pool);

        _open.Set();

        // The call fails only when no worker is being opened any more.
        await ErrorOf(call);
        Assert.Equal(1, _tries);
    }

    private void Open()
    {
        _open.Wait();
        throw new InvalidOperationException($"no room {Interlocked.Increment(ref _tries)}");
    }

    private object Pool()
    {
        var type = Inside("Lythonic.Dag", "Lythonic.Dag.Hosting.WorkerPool");
        var constructor = type.GetConstructors(Any).Single();
        var opens = constructor.GetParameters().Single().ParameterType;
        var given = opens.GetGenericArguments().Select(argument => Expression.Parameter(argument)).ToArray();
        var open = Expression.Lambda(opens, Expression.Call(Expression.Constant(this), nameof(Open), null), given).Compile();
        return constructor.Invoke([open]);
    }

    private static Task Add(object pool)
    {
        var module = pool.GetType().Assembly;
        var code = RuntimeHelpers.GetUninitializedObject(module.GetType("Lythonic.Dag.ScriptBlockCode", true)!);
        var context = Made(Inside("Lythonic.Dag.Engine", "Lythonic.Dag.DagContext"));
        var call = Made(Inside("Lythonic.Dag.Engine", "Lythonic.Dag.NodeCall"), code, null, null, context, false, null, null);
        var scriptCall = Made(module.GetType("Lythonic.Dag.Internal.ScriptCall", true)!, call, null);
        var job = Made(module.GetType("Lythonic.Dag.Hosting.WorkerJob", true)!, scriptCall, Snapshot());
        pool.GetType().GetMethod("Add", Any)!.Invoke(pool, [job]);
        return (Task)job.GetType().GetProperty("Done", Any)!.GetValue(job)!;
    }

    private static object Snapshot() =>
        RuntimeHelpers.GetUninitializedObject(Inside("Lythonic.Dag", "Lythonic.Dag.Hosting.SessionSnapshot"));

    private static async Task<string> ErrorOf(Task call)
    {
        await call.WaitAsync(Limits.Hang);
        dynamic done = call;
        return done.Result.Failure.Message;
    }

    private static object Made(Type type, params object?[] arguments) =>
        type.GetConstructors(Any).Single(constructor => constructor.GetParameters().Length == arguments.Length).Invoke(arguments);

    private static Type Inside(string assembly, string type) =>
        AppDomain.CurrentDomain.GetAssemblies().First(loaded => loaded.GetName().Name == assembly).GetType(type, true)!;
}
