using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Lythonic.Dag.Internal;

namespace Lythonic.Dag.Values;

/// <summary>Tells the codec what PowerShell's own types are. Thread-safe.</summary>
internal sealed class PowerShellValueAdapter : IValueAdapter
{
    private const string BagTypeName = "System.Management.Automation.PSCustomObject";

    // Providers and remoting attach these to everything that they emit; they say where an object came from, not what it is.
    private static readonly object Asking = new();
    private static readonly HashSet<string> ProviderProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "PSIsContainer", "ReadCount",
        "PSComputerName", "PSShowComputerName", "RunspaceId",
    };

    // Facts about a file on Unix, which the provider adds to every file.
    private const string FileMode = "UnixStat";

    // A part of the engine that the reference library lacks; on an engine without it there is nothing to restore.
    private static readonly Type? SemanticVersion = typeof(PSObject).Assembly.GetType("System.Management.Automation.SemanticVersion");

    /// <inheritdoc/>
    public IReadOnlyList<TextForm> TextForms { get; } =
    [
        .. SemanticVersion is null
            ? Array.Empty<TextForm>()
            : [new TextForm("semver", SemanticVersion, value => value.ToString()!, ParseSemanticVersion)],
        .. PowerShellTexts.All,
    ];

    /// <inheritdoc/>
    public object WithAttached(object value) =>
        // PowerShell keeps what Add-Member adds to an object apart from it, and finds it again from the object alone.
        value is PSObject or string or ValueType or Array ? value : PSObject.AsPSObject(value);

    /// <inheritdoc/>
    public HostValue Describe(object value) =>
        value switch
        {
            PSObject wrapper => DescribeWrapper(wrapper),
            PSCredential => new HostValue(HostValueKind.Secret, nameof(PSCredential)),
            NullString => new HostValue(HostValueKind.Wrapper),
            SwitchParameter given => new HostValue(HostValueKind.Wrapper, null, given.IsPresent),
            _ => default,
        };

    /// <inheritdoc/>
    public LiveTraits DescribeLive(object sample) => LiveObjects.Describe(sample);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, object?>> ReadLive(object value, LiveTraits traits, bool isPart)
    {
        ArgumentNullException.ThrowIfNull(traits);
        return LiveObjects.Read(value, traits, isPart);
    }

    /// <inheritdoc/>
    public LivePart PartOf(object part) => LiveObjects.PartOf(part);

    /// <inheritdoc/>
    public IEnumerable? ItemsOf(IEnumerable collection) =>
        collection is ICollection stream && StreamedType(collection.GetType()) is { } type ? Copy(stream, type) : null;

    /// <inheritdoc/>
    public string? TextOf(object value) => LanguagePrimitives.ConvertTo<string>(PSObject.AsPSObject(value));

    /// <inheritdoc/>
    public object CreateObject(IReadOnlyList<KeyValuePair<string, object?>> properties, string? typeName, object? baseObject)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var made = baseObject is null ? new PSObject() : PSObject.AsPSObject(baseObject);
        AddProperties(made, properties);
        if (typeName is not null)
            made.TypeNames.Insert(0, typeName);
        return made;
    }

    /// <inheritdoc/>
    public object CreateSnapshot(ValueSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        object? content = snapshot.Items is not null ? new ArrayList(snapshot.Items.ToArray())
            : snapshot.Entries is not null ? ToHashtable(snapshot.Entries)
            : null;
        var made = content is null ? new PSObject() : new PSObject(content);
        AddProperties(made, snapshot.Properties);
        made.TypeNames.Clear();
        made.TypeNames.Add(DeserializedObject.Prefix + snapshot.TypeName);
        made.TypeNames.Add(DeserializedObject.Prefix + "System.Object");
        if (snapshot.IsTruncated)
            made.Properties.Add(new PSNoteProperty(DeserializedObject.TruncatedProperty, true));
        // A list is shown by its elements.
        if (snapshot.Items is null)
            SnapshotText.Give(made, snapshot.Text ?? snapshot.TypeName);
        return made;
    }

    /// <inheritdoc/>
    public Type? FindEnum(string fullName) => typeof(PSObject).Assembly.GetType(fullName, throwOnError: false);

    private static Type? StreamedType(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(PSDataCollection<>))
                return type.GetGenericArguments()[0];
        }

        return null;
    }

    private static Array Copy(ICollection stream, Type element)
    {
        lock (stream.SyncRoot)
        {
            var items = Array.CreateInstance(element, stream.Count);
            stream.CopyTo(items, 0);
            return items;
        }
    }

    private static object ParseSemanticVersion(string text) => Activator.CreateInstance(SemanticVersion!, text)!;

    private static Hashtable ToHashtable(IReadOnlyList<KeyValuePair<object, object?>> entries)
    {
        // If keys differ only in case, none replaces another.
        var table = new Hashtable(DifferInCase(entries) ? null : StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
            table[entry.Key] = entry.Value;
        return table;
    }

    private static bool DifferInCase(IReadOnlyList<KeyValuePair<object, object?>> entries)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return entries.Any(entry => entry.Key is string key && !seen.Add(key));
    }

    private static void AddProperties(PSObject target, IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        foreach (var property in properties)
        {
            // Setting a property of the object itself could have side effects: a manipulated database could set IsReadOnly of a file.
            if (target.Properties[property.Key] is PSNoteProperty known)
                known.Value = property.Value;
            else
                target.Properties.Add(new PSNoteProperty(property.Key, property.Value));
        }
    }

    private HostValue DescribeWrapper(PSObject wrapper)
    {
        if (ReferenceEquals(wrapper, AutomationNull.Value))
            return new HostValue(HostValueKind.Wrapper);
        // The display hint of a date or the path of a line is not part of the value, and looking for it costs more than storing the value.
        if (wrapper.BaseObject is string or ValueType)
            return new HostValue(HostValueKind.Wrapper, null, wrapper.BaseObject);
        if (DeserializedObject.TypeNameOf(wrapper) is { } original)
            return new HostValue(HostValueKind.Wrapper, null, DeserializedObject.ToSnapshot(wrapper, original));
        var content = wrapper.BaseObject;
        if (content is PSCustomObject)
            return new HostValue(HostValueKind.Properties, NameOf(wrapper), null, ReadBag(wrapper, out var isPartial), isPartial);
        if (Describe(content).Kind is HostValueKind.Secret)
            return Describe(content);
        var added = ReadAdded(wrapper, content);
        return added.Count == 0
            ? new HostValue(HostValueKind.Wrapper, null, content)
            : new HostValue(HostValueKind.Properties, null, content, added);
    }

    private static string? NameOf(PSObject bag) =>
        bag.TypeNames is [var first, ..] && first != BagTypeName && first != "System.Object" ? first : null;

    // What a types file adds to every bag of this name is added again to the bag that comes back.
    private static List<KeyValuePair<string, object?>> ReadBag(PSObject bag, out bool isPartial) =>
        Read(bag.Properties.Where(property => property.IsGettable && (property.IsInstance || !IsOfType(property))), out isPartial);

    // On other objects the adapted properties belong to the type, and script properties would run code.
    private static List<KeyValuePair<string, object?>> ReadAdded(PSObject wrapper, object content) =>
        Read(wrapper.Properties.Where(property =>
            property.MemberType == PSMemberTypes.NoteProperty && property.IsInstance && !ProviderProperties.Contains(property.Name)
            && !(content is FileSystemInfo && property.Name == FileMode)), out _);

    private static bool IsOfType(PSPropertyInfo property) =>
        property.MemberType is PSMemberTypes.ScriptProperty or PSMemberTypes.CodeProperty
            or PSMemberTypes.AliasProperty or PSMemberTypes.NoteProperty;

    // PowerShell mixes up the results if several threads ask one session at the same time: one gets all of them, and another none.
    private static object? Ask(PSPropertyInfo property)
    {
        lock (Asking)
            return property.Value;
    }

    private static List<KeyValuePair<string, object?>> Read(IEnumerable<PSPropertyInfo> from, out bool isPartial)
    {
        isPartial = false;
        var properties = new List<KeyValuePair<string, object?>>();
        foreach (var property in from)
        {
            try
            {
                var value = property is PSScriptProperty ? Ask(property) : property.Value;
                properties.Add(new(property.Name, value));
                // The session that made the script may be too busy to evaluate it. Then it gives null, or the null that PowerShell has for
                // no output.
                isPartial |= (value is null || ReferenceEquals(value, AutomationNull.Value)) && property is PSScriptProperty;
            }
            catch (GetValueException)
            {
                // A script property that fails, or needs a session that is not there or is busy, has no value to keep.
                isPartial = true;
            }
        }

        return properties;
    }
}
