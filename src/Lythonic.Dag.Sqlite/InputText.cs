using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Sqlite;

/// <summary>Inputs as one JSON object; several values in a row under one name are an array.</summary>
internal static class InputText
{
    /// <summary>Writes inputs.</summary>
    /// <param name="inputs">The inputs, in their order.</param>
    /// <param name="to">Takes the text.</param>
    /// <param name="write">Writes the text of a value to it.</param>
    public static void Write(IReadOnlyList<NodeInput> inputs, IBufferWriter<byte> to, Action<EncodedValue> write)
    {
        to.Write("{"u8);
        for (var index = 0; index < inputs.Count; index++)
        {
            var (name, value, isElement) = inputs[index];
            if (index > 0)
                to.Write(","u8);
            if (!isElement || index == 0 || inputs[index - 1].Name != name)
            {
                Encoding.UTF8.GetBytes(Name(name), to);
                to.Write(isElement ? ":["u8 : ":"u8);
            }

            write(value);
            if (isElement && (index == inputs.Count - 1 || inputs[index + 1].Name != name))
                to.Write("]"u8);
        }

        to.Write("}"u8);
    }

    /// <summary>A name as a JSON string.</summary>
    public static string Name(string name) => string.Concat("\"", JavaScriptEncoder.Default.Encode(name), "\"");

    /// <summary>The most that the text has beside its values.</summary>
    public static int Overhead(IReadOnlyList<NodeInput> inputs) => 2 + inputs.Sum(input => (6 * input.Name.Length) + 8);
}
