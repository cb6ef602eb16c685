using System.ComponentModel;
using System.Management.Automation;

namespace Lythonic.Dag.Internal;

/// <summary>The text of a live object that came back from the store. Public for PowerShell, which calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SnapshotText
{
    /// <summary>The result of <c>ToString()</c>.</summary>
    /// <param name="snapshot">The object.</param>
    public static string Read(PSObject snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Find(snapshot) ?? "";
    }

    /// <summary>The text of an object, or <see langword="null"/> if it has none.</summary>
    internal static string? Find(PSObject snapshot) => (snapshot.Members[nameof(ToString)] as TextMethod)?.Text;

    /// <summary>Gives an object its text.</summary>
    internal static void Give(PSObject snapshot, string text) => snapshot.Members.Add(new TextMethod(text));

    // The text is kept in the method: a property would be shown, and for some types, types files decide which members are hidden.
    private sealed class TextMethod(string text) : PSCodeMethod(nameof(ToString), typeof(SnapshotText).GetMethod(nameof(Read))!)
    {
        public string Text => text;

        public override PSMemberInfo Copy() => new TextMethod(text);

        public override object Invoke(params object[] arguments) => text;
    }
}
