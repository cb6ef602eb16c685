using System.ComponentModel;
using System.Management.Automation;

namespace Lythonic.Dag.Values;

/// <summary>The text of a live object that came back from the store. Public for PowerShell, which calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SnapshotText
{
    // PowerShell keeps what it knows of an object, and does not show, in a member set of this name.
    private const string Hidden = "PSStandardMembers";
    private const string Text = "SnapshotText";

    /// <summary>What <c>ToString()</c> says.</summary>
    /// <param name="snapshot">The object.</param>
    public static string Of(PSObject snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Find(snapshot) ?? "";
    }

    /// <summary>The text of an object, or <see langword="null"/> where it has none.</summary>
    internal static string? Find(PSObject snapshot) => (snapshot.Members[Hidden] as PSMemberSet)?.Members[Text]?.Value as string;

    /// <summary>Gives an object its text.</summary>
    internal static void Give(PSObject snapshot, string text)
    {
        snapshot.Members.Add(new PSMemberSet(Hidden, [new PSNoteProperty(Text, text)]));
        snapshot.Members.Add(new PSCodeMethod(nameof(ToString), typeof(SnapshotText).GetMethod(nameof(Of))!));
    }
}
