using System.Management.Automation;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The common parameters of a cmdlet that runs nodes, as the preference variables that they are to a script that is called with them. What
/// only hides a record is left to the cmdlet, which is handed the record, so that it is kept with the node run all the same; and so is what
/// asks the user.
/// </summary>
internal static class CommonParameters
{
    /// <summary>The preference variables that the caller has set, which nodes in workers get.</summary>
    public static readonly string[] Preferences =
    [
        "ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference", "InformationPreference", "ProgressPreference",
        "PSNativeCommandUseErrorActionPreference", "PSDefaultParameterValues", "OFS", "OutputEncoding",
    ];

    private static readonly (string Parameter, string Variable)[] Variables =
    [
        ("ErrorAction", "ErrorActionPreference"), ("WarningAction", "WarningPreference"), ("InformationAction", "InformationPreference"),
        ("Verbose", "VerbosePreference"), ("Debug", "DebugPreference"),
    ];

    /// <summary>What the parameters say, by variable; a parameter that is not given says nothing.</summary>
    public static Dictionary<string, object?> Read(PSCmdlet cmdlet)
    {
        var said = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (parameter, variable) in Variables)
        {
            if (cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var value) && !OnlyHides(variable, value))
                said[variable] = ForNodes(
                    variable, value is SwitchParameter { IsPresent: var shows } ? Shown(shows) : Action(value), isParameter: true);
        }

        return said;
    }

    /// <summary>A preference variable of the caller, as a node in a worker gets it.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="value">Its value.</param>
    public static object? ForNodes(string variable, object? value) =>
        Variables.Any(pair => pair.Variable == variable) && Action(value) is { } action
            ? ForNodes(variable, action, isParameter: false) ?? value
            : value;

    /// <summary>Whether the cmdlet itself shows, or asks about, what it writes to a stream that is quiet by itself.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="variable">The stream's preference variable.</param>
    public static bool Decides(PSCmdlet cmdlet, string variable)
    {
        var given = cmdlet.MyInvocation.BoundParameters;
        var parameter = Variables.First(pair => pair.Variable == variable).Parameter;
        if (given.TryGetValue(parameter, out var value))
            return value is SwitchParameter { IsPresent: var shows }
                ? shows
                : Action(value) is ActionPreference.Continue or ActionPreference.Inquire;
        // Under -Debug a cmdlet asks before each line of another stream; a script that is called with it does not.
        return !given.ContainsKey("Debug")
            && Action(cmdlet.SessionState.PSVariable.GetValue(variable)) is ActionPreference.Continue or ActionPreference.Inquire;
    }

    /// <summary>Whether an error or a warning that the cmdlet writes ends it.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="variable">The stream's preference variable.</param>
    public static bool Stops(PSCmdlet cmdlet, string variable)
    {
        var parameter = Variables.First(pair => pair.Variable == variable).Parameter;
        return Action(
            cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var value)
                ? value
                : cmdlet.SessionState.PSVariable.GetValue(variable)) == ActionPreference.Stop;
    }

    /// <summary>
    /// Whether the failure of a node ends the cmdlet because the node wrote a warning at which all must stop: it ends a script that is
    /// called so. An error action that is given has the last word.
    /// </summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="failure">The failure.</param>
    public static bool EndsAt(PSCmdlet cmdlet, ErrorRecord failure)
    {
        if (!Stops(cmdlet, "WarningPreference") || cmdlet.MyInvocation.BoundParameters.ContainsKey("ErrorAction"))
            return false;
        var cause = failure.Exception;
        while (cause is not (null or ActionPreferenceStopException))
            cause = cause.InnerException;
        return cause is not null;
    }

    private static object? ForNodes(string variable, ActionPreference? action, bool isParameter) => (variable, action) switch
    {
        (_, ActionPreference.Stop) => ActionPreference.Stop,
        ("VerbosePreference" or "DebugPreference", ActionPreference.SilentlyContinue or ActionPreference.Ignore) =>
            ActionPreference.SilentlyContinue,
        ("InformationPreference", not ActionPreference.Continue) =>
            isParameter || action == ActionPreference.Inquire ? ActionPreference.SilentlyContinue : null,
        // A silent warning still belongs to -WarningVariable.
        ("WarningPreference", ActionPreference.SilentlyContinue) => ActionPreference.Continue,
        (_, ActionPreference.Inquire) => ActionPreference.Continue,
        _ => isParameter ? ActionPreference.Continue : null,
    };

    // The cmdlet is told to be silent, of a run that failed above all; whether nodes stop at errors is still the caller's preference.
    private static bool OnlyHides(string variable, object? value) =>
        variable is "ErrorActionPreference" or "WarningPreference"
            && Action(value) is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    private static ActionPreference Shown(bool shows) => shows ? ActionPreference.Continue : ActionPreference.SilentlyContinue;

    // A preference may be its name as text.
    private static ActionPreference? Action(object? value) =>
        LanguagePrimitives.TryConvertTo<ActionPreference>(value, out var action) ? action : null;
}
