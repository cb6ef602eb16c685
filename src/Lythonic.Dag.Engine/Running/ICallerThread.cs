namespace Lythonic.Dag;

/// <summary>Runs work on the thread that started the run, for inline nodes.</summary>
public interface ICallerThread
{
    /// <summary>Queues work for that thread. Never blocks.</summary>
    /// <param name="work">What to do; it does not throw.</param>
    void Post(Action work);
}
