using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Lythonic.Dag.Values;

/// <summary>
/// Continues deeply nested work on a thread with a larger stack when the current stack is nearly used up. It does so once.
/// </summary>
internal static class DeepStack
{
    private const int Size = 256 * 1024 * 1024;

    [ThreadStatic]
    private static bool _isLarge;

    /// <summary>Whether this stack has room for some more calls.</summary>
    /// <exception cref="InsufficientExecutionStackException">The large stack has no room either.</exception>
    public static bool HasRoom
    {
        get
        {
            if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
                return true;
            return _isLarge ? throw new InsufficientExecutionStackException("it lies too deep for this machine.") : false;
        }
    }

    /// <summary>Runs work on a large stack, and waits for it.</summary>
    /// <param name="work">The work. It must not use anything that belongs to this thread.</param>
    public static void Run(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                _isLarge = true;
                try
                {
                    work();
                }
                catch (Exception error)
                {
                    // Nothing would catch it on this thread, not even that memory is short, and it would end the process.
                    failure = ExceptionDispatchInfo.Capture(error);
                }
            },
            Size)
        {
            IsBackground = true,
            Name = "Lythonic.Dag deep value",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
