using System.Diagnostics;
using System.Globalization;

namespace Lythonic.Dag.Transport.Tests.Losses;

/// <summary>What tests do to processes of a host.</summary>
internal static class Signals
{
    /// <summary>The process that started another.</summary>
    public static int ParentOf(int id) => int.Parse(StatusOf(id)[1], CultureInfo.InvariantCulture);

    /// <summary>Whether a process has not ended.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            return StatusOf(id)[0] is not ("Z" or "X");
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal.</summary>
    public static void Send(string name, int id)
    {
        using var kill = Process.Start("kill", [$"-{name}", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    // Its state, its parent, and more.
    private static string[] StatusOf(int id) => File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ');
}
