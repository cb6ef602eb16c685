using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using Lythonic.Dag.Values;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Remote;

/// <summary>
/// An adapter under which secrets can travel: each is written as its index in a list, and the list is sent beside the text.
/// </summary>
/// <param name="inner">The adapter for all other values.</param>
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
    public Type? OrderedTable => inner.OrderedTable;

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

    // The inner adapter reports a wrapper around a credential as a secret. Only its content is one.
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
        var index = int.Parse(place, NumberStyles.None, CultureInfo.InvariantCulture);
        return (SecureString)Unwrap(Secrets[index])!;
    }

    // Remoting would bring a credential back as a property bag. A secure string and a text arrive as they are.
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
