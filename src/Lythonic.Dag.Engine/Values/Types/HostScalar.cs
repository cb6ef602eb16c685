using System.Text.Json;

namespace Lythonic.Dag.Values;

/// <summary>A type of the host that is stored as a text.</summary>
/// <param name="form">The form of its text.</param>
internal sealed class HostScalar(TextForm form) : StoredScalar(form.Name, form.Type)
{
    /// <inheritdoc/>
    public override void Write(JsonTextWriter json, object value) => StringJson.Write(json, form.Format(value));

    /// <inheritdoc/>
    public override object Read(JsonElement element) => form.Parse(StringJson.Read(element));
}
