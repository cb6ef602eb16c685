using System.Management.Automation;
using System.Management.Automation.Language;

namespace Lythonic.Dag.Values;

/// <summary>The engine's own live objects of which the text says most: what they are part of would be stored with them.</summary>
internal static class HostedText
{
    /// <summary>Says what such an object is stored as; nothing for any other.</summary>
    public static HostValue Describe(object value) => value switch
    {
        ScriptBlock script => Text<ScriptBlock>(script.ToString(), ("File", script.File), ("StartLine", script.Ast?.Extent.StartLineNumber)),
        ErrorRecord error => Text<ErrorRecord>(
            error.ToString(),
            ("Exception", error.Exception),
            ("FullyQualifiedErrorId", error.FullyQualifiedErrorId),
            ("CategoryInfo", error.CategoryInfo.ToString()),
            ("ScriptStackTrace", error.ScriptStackTrace)),
        CommandInfo command => Text(
            command.GetType(), command.Name, ("Name", command.Name), ("CommandType", command.CommandType), ("Source", command.ModuleName), ("Definition", command.Definition)),
        PSModuleInfo module => Text<PSModuleInfo>(module.Name, ("Name", module.Name), ("Version", module.Version), ("Path", module.Path)),
        PSDriveInfo drive => Text<PSDriveInfo>(drive.Name, ("Name", drive.Name), ("Root", drive.Root), ("Description", drive.Description)),
        ProviderInfo provider => Text<ProviderInfo>(provider.Name, ("Name", provider.Name)),
        Ast ast => Text(ast.GetType(), ast.ToString(), ("StartLine", ast.Extent.StartLineNumber), ("File", ast.Extent.File)),
        _ => default,
    };

    private static HostValue Text<T>(string text, params (string Name, object? Value)[] properties) => Text(typeof(T), text, properties);

    private static HostValue Text(Type type, string text, params (string Name, object? Value)[] properties) =>
        new(HostValueKind.Text, type.FullName, text, [.. properties.Select(property => new KeyValuePair<string, object?>(property.Name, property.Value))]);
}
