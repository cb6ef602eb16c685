using System.Collections;
using System.Management.Automation;
using System.Text;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Hosting;

/// <summary>
/// The common parameters of a cmdlet that runs nodes, as the preference variables that a script sees when it is called with them. Some are
/// left to the cmdlet, which gets every record: those that only hide a record, so that the record is still stored with the node run, and
/// those that ask the user.
/// </summary>
internal static class CommonParameters
{
    /// <summary>The caller's preference variables that nodes in workers get.</summary>
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

    /// <summary>The values of the parameters that were given, by preference variable.</summary>
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

    /// <summary>The value of one of the caller's preference variables for a node in a worker.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="value">Its value.</param>
    public static object? ForNodes(string variable, object? value) =>
        Variables.Any(pair => pair.Variable == variable) && Action(value) is { } action
            ? ForNodes(variable, action, isParameter: false) ?? value
            : value;

    /// <summary>
    /// The preference variables on which an output may depend, where they are not as a session has them at first. Those that only say what
    /// is shown, and what happens after an error, are none of them.
    /// </summary>
    /// <param name="variables">The variables that nodes get.</param>
    /// <param name="commands">The commands that the code calls.</param>
    public static IEnumerable<CodePart> Parts(IReadOnlyDictionary<string, object?> variables, IReadOnlyCollection<string> commands)
    {
        if (variables.GetValueOrDefault("OFS") is { } separator)
            yield return new("$OFS", $"{PSWrapper.Unwrap(separator)}");
        if (PSWrapper.Unwrap(variables.GetValueOrDefault("OutputEncoding")) is Encoding { WebName: not "utf-8" and var name })
            yield return new("$OutputEncoding", name);
        if (PSWrapper.Unwrap(variables.GetValueOrDefault("PSDefaultParameterValues")) is not IDictionary defaults
            || LanguagePrimitives.IsTrue(defaults["Disabled"]))
            yield break;
        foreach (DictionaryEntry entry in defaults)
        {
            var key = $"{entry.Key}";
            if (key.Split(':') is [var command, var parameter] && !IsOfMessages(parameter.Trim()) && IsCalled(command.Trim(), commands))
                yield return new(
                    $"$PSDefaultParameterValues['{key}']", entry.Value is ScriptBlock script ? script.Ast.Extent.Text : entry.Value);
        }
    }

    private static bool IsOfMessages(string parameter) =>
        Variables.Any(pair => pair.Parameter.Equals(parameter, StringComparison.OrdinalIgnoreCase))
            || parameter.Equals("ProgressAction", StringComparison.OrdinalIgnoreCase);

    private static bool IsCalled(string pattern, IReadOnlyCollection<string> commands)
    {
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        return commands.Any(command => wildcard.IsMatch(command) || wildcard.IsMatch(command[(command.LastIndexOf('\\') + 1)..])
            || (DefaultCommands.AliasOf(command) is { } meant && wildcard.IsMatch(meant)));
    }

    /// <summary>Whether the cmdlet itself shows, or asks about, what it writes to a stream that is silent by default.</summary>
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
        // Under -Debug, a cmdlet asks before each record of another stream. A script that is called with -Debug does not.
        return !given.ContainsKey("Debug")
            && Action(cmdlet.SessionState.PSVariable.GetValue(variable)) is ActionPreference.Continue or ActionPreference.Inquire;
    }

    /// <summary>Whether a record that the cmdlet writes to a stream stops it.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="variable">The stream's preference variable.</param>
    public static bool Stops(PSCmdlet cmdlet, string variable) => ActionOf(cmdlet, variable) == ActionPreference.Stop;

    /// <summary>Whether the cmdlet shows no warnings.</summary>
    public static bool HidesWarnings(PSCmdlet cmdlet) =>
        ActionOf(cmdlet, "WarningPreference") is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    /// <summary>
    /// Whether a node's failure ends the cmdlet because the node wrote a warning under <c>-WarningAction Stop</c>, or information under
    /// <c>-InformationAction Stop</c>, as it would end a script. If <c>-ErrorAction</c> is given, it decides.
    /// </summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="failure">The failure.</param>
    public static bool EndsAt(PSCmdlet cmdlet, ErrorRecord failure)
    {
        var stops = Stops(cmdlet, "WarningPreference") || Stops(cmdlet, "InformationPreference");
        if (!stops || cmdlet.MyInvocation.BoundParameters.ContainsKey("ErrorAction"))
            return false;
        for (var cause = failure.Exception; cause is not null; cause = cause.InnerException)
        {
            if (IsStop(cause))
                return true;
        }

        return false;
    }

    // From a host comes a RemoteException, whose record has the id of the error there.
    private static bool IsStop(Exception cause) => cause is ActionPreferenceStopException
        || (cause is RemoteException { ErrorRecord.FullyQualifiedErrorId: var id } && id?.Split(',')[0] == "ActionPreferenceStop");

    private static ActionPreference? ActionOf(PSCmdlet cmdlet, string variable)
    {
        var parameter = Variables.First(pair => pair.Variable == variable).Parameter;
        return Action(
            cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out var value)
                ? value
                : cmdlet.SessionState.PSVariable.GetValue(variable));
    }

    private static object? ForNodes(string variable, ActionPreference? action, bool isParameter) => (variable, action) switch
    {
        (_, ActionPreference.Stop) => ActionPreference.Stop,
        ("VerbosePreference" or "DebugPreference", ActionPreference.SilentlyContinue or ActionPreference.Ignore) =>
            ActionPreference.SilentlyContinue,
        ("InformationPreference", not ActionPreference.Continue) =>
            isParameter || action == ActionPreference.Inquire ? ActionPreference.SilentlyContinue : null,
        // -WarningVariable gets a warning even if it is silent.
        ("WarningPreference", ActionPreference.SilentlyContinue) => ActionPreference.Continue,
        (_, ActionPreference.Inquire) => ActionPreference.Continue,
        _ => isParameter ? ActionPreference.Continue : null,
    };

    // This only silences the cmdlet, above all for a run that failed. Whether nodes stop at errors is still the caller's preference.
    private static bool OnlyHides(string variable, object? value) =>
        variable is "ErrorActionPreference" or "WarningPreference"
            && Action(value) is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    private static ActionPreference Shown(bool shows) => shows ? ActionPreference.Continue : ActionPreference.SilentlyContinue;

    // A preference may be given as text.
    private static ActionPreference? Action(object? value) =>
        LanguagePrimitives.TryConvertTo<ActionPreference>(value, out var action) ? action : null;
}
