namespace Lythonic.Dag;

/// <summary>Runs work on the thread that started the run, for inline nodes.</summary>
public interface ICallerThread
{
    /// <summary>Queues work for that thread. Does not block.</summary>
    /// <param name="work">The work. It does not throw.</param>
    void Post(Action work);

    /// <summary>Queues work for that thread. Does not block.</summary>
    /// <param name="work">The work. It does not throw.</param>
    /// <param name="withdraw">
    /// What to do instead, on any thread, if that thread takes no more work, or leaves the work unfinished: it ends the call as cancelled.
    /// It does not throw. Without it, as by default, the work is done in any case.
    /// </param>
    void Post(Action work, Action withdraw) => Post(work);
}
