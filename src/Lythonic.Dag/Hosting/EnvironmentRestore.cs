using System.Collections;

namespace Lythonic.Dag.Hosting;

/// <summary>Puts environment variables back, which belong to the process and not to a runspace.</summary>
internal static class EnvironmentRestore
{
    /// <summary>Puts back what differs, and forgets.</summary>
    /// <param name="before">The variables as they were; <see langword="null"/> for nothing to do.</param>
    public static void To(ref IDictionary? before)
    {
        if (before is not { } was)
            return;
        before = null;
        foreach (DictionaryEntry now in Environment.GetEnvironmentVariables())
        {
            if (!was.Contains(now.Key))
                Environment.SetEnvironmentVariable((string)now.Key, null);
        }

        foreach (DictionaryEntry then in was)
        {
            if (Environment.GetEnvironmentVariable((string)then.Key) != (string?)then.Value)
                Environment.SetEnvironmentVariable((string)then.Key, (string?)then.Value);
        }
    }
}
