using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A type of the host that is stored as a text.</summary>
/// <param name="form">The form of its text.</param>
internal sealed class HostScalar(TextForm form) : StoredScalar(form.Name, form.Type)
{
    /// <inheritdoc/>
    public override bool Takes(object value)
    {
        if (!form.IsTried)
            return true;
        try
        {
            (form.Parse(form.Format(value)) as IDisposable)?.Dispose();
            return true;
        }
#pragma warning disable CA1031 // Code of other types may throw anything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonTextWriter json, object value) => StringJson.Write(json, form.Format(value));

    /// <inheritdoc/>
    public override object Read(JsonElement element) => form.Parse(StringJson.Read(element));
}
