namespace Tests;

/// <summary>Nodes of a run whose cancellation takes long: a callback of one node holds up the thread that cancels.</summary>
public static class SlowStop
{
    /// <summary>Waits for the other node to begin, and registers the callback: the last registered is called first.</summary>
    public static async Task<int> Register(string folder, CancellationToken cancellationToken)
    {
        while (!File.Exists(Path.Combine(folder, "begun")))
            await Task.Delay(5, CancellationToken.None).ConfigureAwait(false);
        cancellationToken.Register(() =>
        {
            File.WriteAllText(Path.Combine(folder, "stopping"), "");
            Thread.Sleep(TimeSpan.FromSeconds(2));
        });
        await File.WriteAllTextAsync(Path.Combine(folder, "registered"), "", CancellationToken.None).ConfigureAwait(false);
        return 1;
    }

    /// <summary>Says that the other node has begun.</summary>
    public static void Begin(string folder) => File.AppendAllText(Path.Combine(folder, "begun"), "begun");

    /// <summary>Says so, and ends when the stop has begun.</summary>
    public static void WaitForStop(string folder)
    {
        Begin(folder);
        while (!File.Exists(Path.Combine(folder, "stopping")))
            Thread.Sleep(5);
    }
}
