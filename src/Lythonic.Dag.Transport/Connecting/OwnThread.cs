namespace Lythonic.Dag.Transport;

/// <summary>Runs work that may wait for ever on a background thread of its own, where no exception ends the process.</summary>
internal static class OwnThread
{
    /// <summary>Starts work.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="work">The work; its exceptions are dropped.</param>
    public static void Start(string name, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception)
            {
                // PowerShell throws several things when a pipeline or a runspace ends in two places at once, a NullReferenceException among
                // them. A line of a host that is longer than any memory is an OutOfMemoryException.
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
    }
}
