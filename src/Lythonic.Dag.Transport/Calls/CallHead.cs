using System.Collections;

namespace Lythonic.Dag.Transport;

/// <summary>What all calls of a node have in common: it is sent with the first of them.</summary>
internal sealed record CallHead(
    RemoteScript Script, bool IsPiped, bool IsPlain, string StrictMode, bool TouchesGlobals, string? ContextParameters, string Culture,
    string UICulture, string DagName, string NodeLabel)
{
    /// <summary>Makes the head of a call.</summary>
    public static CallHead From(RemoteCall call) => new(
        call.Script,
        call.IsPiped,
        call.IsPlain,
        call.StrictMode,
        call.TouchesGlobals,
        call.ContextParameters.Count == 0 ? null : string.Join('\n', call.ContextParameters),
        call.Culture.Name,
        call.UICulture.Name,
        call.Context.DagName,
        call.Context.NodeLabel);

    /// <summary>A script in the form in which it is sent.</summary>
    public static Hashtable Write(RemoteScript script) => new()
    {
        ["Text"] = script.Text,
        ["File"] = script.File,
        ["Line"] = script.Line,
        ["Column"] = script.Column,
        ["Usings"] = script.Usings,
    };

    /// <summary>The head in the form in which it is sent.</summary>
    public Hashtable Write()
    {
        var sent = Write(Script);
        sent["IsPiped"] = IsPiped;
        sent["IsPlain"] = IsPlain;
        sent["StrictMode"] = StrictMode;
        sent["TouchesGlobals"] = TouchesGlobals;
        sent["ContextParameters"] = ContextParameters;
        sent["Culture"] = Culture;
        sent["UICulture"] = UICulture;
        sent["DagName"] = DagName;
        sent["NodeLabel"] = NodeLabel;
        return sent;
    }
}
