using System.Data;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Xml;

namespace Lythonic.Dag.Values;

/// <summary>
/// The properties that PowerShell adds to those of .NET: those that an adapter makes of a row or an XML element, and those that types files
/// add. A restored snapshot has another type name, for which types files add nothing.
/// </summary>
internal static class LiveObjects
{
    private const string Adapted = "psadapted";
    private const string Standard = "PSStandardMembers";

    private static readonly Assembly Automation = typeof(PSObject).Assembly;

    // Other properties of these types lead to the syntax tree of the code and to its session.
    private static readonly HashSet<string> OfScripts = new(
        ["File", "IsFilter", "IsConfiguration", "Extent"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What PowerShell knows of the objects of a type, read from one of them. A thread without a runspace knows less.</summary>
    public static LiveTraits Describe(object sample)
    {
        var wrapper = PSObject.AsPSObject(sample);
        var isAdapted = IsAdapted(sample);
        // The properties of types files, and those of an interface that the type implements explicitly.
        var added = wrapper.Properties.Where(property => IsAdded(property) && !(isAdapted && property.MemberType == PSMemberTypes.Property))
            .Select(property => property.Name)
            .Except(LiveProperties.For(sample.GetType()).Select(member => member.Name), StringComparer.OrdinalIgnoreCase).ToList();
        var only = sample is ScriptBlock or Ast ? OfScripts : SpecificOf(wrapper);
        if (sample is ScriptBlock or Ast or ErrorRecord or CommandInfo)
            added.Add(ExtraProperties.Name);
        return added.Count == 0 && only is null && !isAdapted ? LiveTraits.None : new LiveTraits(isAdapted, only, added);
    }

    /// <summary>Reads the properties that PowerShell adds to an object.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Read(object value, LiveTraits traits, bool isPart)
    {
        var wrapper = PSObject.AsPSObject(value);
        var read = new List<KeyValuePair<string, object?>>();
        if (traits.IsAdapted)
        {
            foreach (var property in ((PSMemberSet)wrapper.Members[Adapted]).Properties)
                read.Add(new(property.Name, ValueOf(property)));
        }

        if (isPart)
            return read;
        foreach (var name in traits.Added)
        {
            if (name == ExtraProperties.Name)
                read.AddRange(ExtraProperties.Read(value));
            else if (wrapper.Properties[name] is { } property)
                read.Add(new(name, ValueOf(property)));
        }

        return read;
    }

    /// <summary>
    /// How much to store of one of PowerShell's own objects inside another live object: such an object leads to its whole session.
    /// </summary>
    public static LivePart PartOf(object part) =>
        part switch
        {
            ScriptBlock or CommandInfo or PSModuleInfo or PSDriveInfo or ProviderInfo or Ast or Runspace or PowerShell or SessionState =>
                LivePart.Text,
            Exception => LivePart.Whole,
            _ => part.GetType().Assembly == Automation ? LivePart.Plain : LivePart.Whole,
        };

    // Members that Add-Member added to this object are stored too.
    private static bool IsAdded(PSPropertyInfo property) => !(property.IsInstance && property.MemberType == PSMemberTypes.NoteProperty);

    private static bool IsAdapted(object value) =>
        value is XmlNode or DataRow or DataRowView
        || value.GetType() is var type && (type.IsCOMObject || IsBelow(type, "Microsoft.Management.Infrastructure.CimInstance")
            || IsBelow(type, "System.Management.ManagementBaseObject") || IsBelow(type, "System.DirectoryServices.DirectoryEntry"));

    private static bool IsBelow(Type? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.FullName == name)
                return true;
        }

        return false;
    }

    // A types file may say which properties of a type to store; the others lead far, or have side effects. For some types, such as a
    // certificate, it names what PowerShell rebuilds the whole object from.
    private static HashSet<string>? SpecificOf(PSObject wrapper)
    {
        if (wrapper.Members[Standard] is not PSMemberSet standard || standard.Members["SerializationMethod"]?.Value is not { } method
            || !string.Equals(method.ToString(), "SpecificProperties", StringComparison.OrdinalIgnoreCase))
            return null;
        return standard.Members["PropertySerializationSet"] is PSPropertySet { ReferencedPropertyNames: { } names }
            && names is not ["RawData"]
            ? new HashSet<string>(names, StringComparer.OrdinalIgnoreCase)
            : null;
    }

    // PowerShell shows a property that throws as one without a value.
    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (RuntimeException)
        {
            return null;
        }
    }
}
