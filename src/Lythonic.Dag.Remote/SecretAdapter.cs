using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Remote;

/// <summary>Adds to an adapter that a secret is written as its place in a list, which travels beside the text.</summary>
/// <param name="inner">The adapter that knows all else.</param>
internal sealed class SecretAdapter(IValueAdapter inner) : IValueAdapter
{
    private IReadOnlyList<TextForm>? _forms;

    /// <summary>The secrets of the values that are being written or read.</summary>
    public IList Secrets { get; set; } = new ArrayList();

    /// <inheritdoc/>
    public IReadOnlyList<TextForm> TextForms =>
        _forms ??=
        [
            .. inner.TextForms,
            new TextForm("travelling-securestring", typeof(SecureString), Keep, Find),
            new TextForm("travelling-pscredential", typeof(PSCredential), KeepCredential, FindCredential),
        ];

    /// <inheritdoc/>
    public object WithAttached(object value) => inner.WithAttached(value);

    /// <inheritdoc/>
    public HostValue Describe(object value) => value is PSCredential ? default : Judge(inner.Describe(value), value);

    /// <inheritdoc/>
    public LiveTraits DescribeLive(object sample) => inner.DescribeLive(sample);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, object?>> ReadLive(object value, LiveTraits traits, bool isPart) =>
        inner.ReadLive(value, traits, isPart);

    /// <inheritdoc/>
    public LivePart PartOf(object part) => inner.PartOf(part);

    /// <inheritdoc/>
    public string? TextOf(object value) => inner.TextOf(value);

    /// <inheritdoc/>
    public IEnumerable? ItemsOf(IEnumerable collection) => inner.ItemsOf(collection);

    /// <inheritdoc/>
    public object CreateObject(IReadOnlyList<KeyValuePair<string, object?>> properties, string? typeName, object? baseObject) =>
        inner.CreateObject(properties, typeName, baseObject);

    /// <inheritdoc/>
    public object CreateSnapshot(ValueSnapshot snapshot) => inner.CreateSnapshot(snapshot);

    /// <inheritdoc/>
    public Type? FindEnum(string fullName) => inner.FindEnum(fullName);

    // PowerShell's own adapter finds a secret inside of a wrapper too.
    private static HostValue Judge(HostValue said, object value) =>
        said.Kind == HostValueKind.Secret && value is PSObject { BaseObject: PSCredential content }
            ? new HostValue(HostValueKind.Wrapper, null, content)
            : said;

    private string Keep(object secret)
    {
        Secrets.Add(secret);
        return (Secrets.Count - 1).ToString(CultureInfo.InvariantCulture);
    }

    private SecureString Find(string place)
    {
        var found = Secrets[int.Parse(place, NumberStyles.None, CultureInfo.InvariantCulture)]!;
        return (SecureString)(found is PSObject wrapper ? wrapper.BaseObject : found);
    }

    // Remoting brings a credential back as a bag of properties; its two parts arrive as they are.
    private string KeepCredential(object credential)
    {
        var given = (PSCredential)credential;
        return $"{Keep(given.Password)} {given.UserName}";
    }

    private PSCredential FindCredential(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return new PSCredential(text[(space + 1)..], Find(text[..space]));
    }
}
