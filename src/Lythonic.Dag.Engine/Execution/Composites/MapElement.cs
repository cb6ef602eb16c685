using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>The element that a sub-run runs for.</summary>
/// <param name="ordinal">Its position, from 0.</param>
/// <param name="key">Its key: an index, a dictionary key, <c>call</c> or a branch.</param>
/// <param name="value">The value.</param>
/// <param name="form">Its stored form, if there is one already.</param>
internal sealed class MapElement(int ordinal, string key, object? value, RecordedForm? form = null)
{
    private RecordedForm? _form = form;

    public int Ordinal { get; } = ordinal;

    public string Key { get; } = key;

    /// <summary>Its identity in a dictionary or a set; <see langword="null"/> if its position identifies it.</summary>
    public string? Id { get; init; }

    public object? Value { get; } = value;

    /// <summary>
    /// Where the element came from, if its sub-run is the first to store it. Otherwise <see langword="null"/>: the node that made it has
    /// already reported what is not stored of it.
    /// </summary>
    public ElementFeed? Feed { get; init; }

    /// <summary>The record by which other elements find the output of its sub-run; or <see langword="null"/>.</summary>
    public SubRunReuse? Reuse { get; set; }

    /// <summary>The stored form that was recorded last; <see langword="null"/> if none was.</summary>
    public EncodedValue? Form => _form?.Current;

    /// <summary>Gets the stored form for a source that takes the value now.</summary>
    /// <param name="session">Encodes it.</param>
    /// <param name="change">Whether the value has changed since another attempt took it, or since it was stored with its list.</param>
    public EncodedValue RefreshForm(RunSession session, out ValueChange change)
    {
        if (_form is { } form)
            return form.Refresh(Value, session.Codec, out change);
        change = ValueChange.None;
        var encoded = session.Codec.Encode(Value);
        if (encoded.Facts.Cuts > 0)
            Feed?.TellCuts(this, encoded.Facts);
        _form = RecordedForm.Create(encoded, session.Converter.ContentOf(Value), null, isShared: false);
        return encoded;
    }
}
