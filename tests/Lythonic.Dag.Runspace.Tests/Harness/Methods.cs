namespace Tests;

/// <summary>Methods for nodes: <c>-Method 'Tests.Methods::Task'</c>.</summary>
public static class Methods
{
    /// <summary>Ends without a result.</summary>
    public static async Task Task() => await System.Threading.Tasks.Task.Yield();

    /// <summary>Gives what lives on the stack alone.</summary>
    public static ReadOnlySpan<char> Span() => "a";

    /// <summary>Gives a place in memory.</summary>
    public static ref int ByReference() => ref (new int[1])[0];

    /// <summary>Ends with a number.</summary>
    public static async Task<int> TaskOf()
    {
        await System.Threading.Tasks.Task.Yield();
        return 5;
    }

    /// <summary>Ends without a result.</summary>
    public static async ValueTask ValueTask() => await System.Threading.Tasks.Task.Yield();

    /// <summary>Ends with a number.</summary>
    public static async ValueTask<int> ValueTaskOf()
    {
        await System.Threading.Tasks.Task.Yield();
        return 6;
    }

    /// <summary>Has a parameter with a default.</summary>
    public static string Optional(int first, int second = 7) => $"{first}-{second}";

    /// <summary>Says whether it runs on a pool thread.</summary>
    public static bool IsPoolThread() => Thread.CurrentThread.IsThreadPoolThread;
}
