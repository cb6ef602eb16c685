namespace Lythonic.Dag;

/// <summary>Runs work on the thread that started the run, for inline nodes.</summary>
public interface ICallerThread
{
    /// <summary>Queues work for that thread. Does not block.</summary>
    /// <param name="work">The work. It does not throw.</param>
    void Post(Action work);
}
