using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Lythonic.Dag.Values;

/// <summary>Goes on with deep work on a thread with a larger stack, once, when the stack of the present one ends.</summary>
internal static class DeepStack
{
    private const int Size = 256 * 1024 * 1024;

    [ThreadStatic]
    private static bool _isLarge;

    /// <summary>Whether there is stack for some more calls here.</summary>
    /// <exception cref="InsufficientExecutionStackException">There is none on the large stack either.</exception>
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
    /// <param name="work">The work, which must not need what belongs to this thread.</param>
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
                catch (Exception error) when (error is not OutOfMemoryException)
                {
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
