using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Net.Mail;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.PowerShell.Commands;

namespace Lythonic.Dag.Values;

/// <summary>
/// The types that PowerShell's own serializer brings back as what they were, and that are stored as one text. No text makes an object of
/// another type, or runs code.
/// </summary>
internal static class PowerShellTexts
{
    private const string Encoded = "base64:";

    private static readonly string[] ModuleKeys = ["ModuleName", "ModuleVersion", "MaximumVersion", "RequiredVersion", "Guid"];

    /// <summary>Their forms.</summary>
    /// <remarks>
    /// They are tried: a disposed certificate has no text, and nothing can be made of that of a progress record without an activity.
    /// </remarks>
    public static IEnumerable<TextForm> All => Forms.Select(static form => form with { IsTried = true });

    private static IEnumerable<TextForm> Forms =>
    [
        new("mailaddress", typeof(MailAddress), value => TextOf((MailAddress)value), Mail),
        new("x500", typeof(X500DistinguishedName), value => NameOf((X500DistinguishedName)value), NamedBy),
        // Without its private key: secrets are never stored.
        new(
            "x509", typeof(X509Certificate2), value => ((X509Certificate2)value).ExportCertificatePem(),
            text => X509Certificate2.CreateFromPem(text)),
        new("completion", typeof(CompletionResult), value => TextOf((CompletionResult)value), Completion),
        new("modulespec", typeof(ModuleSpecification), value => TextOf((ModuleSpecification)value), Module),
        new("progress", typeof(ProgressRecord), value => TextOf((ProgressRecord)value), Progress),
    ];

    // The usual text, if it says the same again.
    private static string TextOf(MailAddress mail) =>
        MailAddress.TryCreate(mail.ToString(), out var again) && again.Address == mail.Address && again.DisplayName == mail.DisplayName
            ? mail.ToString()
            : Join(mail.Address, mail.DisplayName);

    private static MailAddress Mail(string text)
    {
        if (!text.StartsWith('['))
            return new MailAddress(text);
        var parts = Split(text, 2);
        return new MailAddress(parts[0]!, parts[1]);
    }

    // The name, if it makes the same bytes again.
    private static string NameOf(X500DistinguishedName name) =>
        !name.Name.StartsWith(Encoded, StringComparison.Ordinal) && IsMadeBy(name)
            ? name.Name
            : Encoded + Convert.ToBase64String(name.RawData);

    private static bool IsMadeBy(X500DistinguishedName name)
    {
        try
        {
            return new X500DistinguishedName(name.Name).RawData.AsSpan().SequenceEqual(name.RawData);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    private static X500DistinguishedName NamedBy(string text) => text.StartsWith(Encoded, StringComparison.Ordinal)
        ? new X500DistinguishedName(Convert.FromBase64String(text[Encoded.Length..]))
        : new X500DistinguishedName(text);

    private static string TextOf(CompletionResult result) =>
        Join(result.CompletionText, result.ListItemText, result.ResultType.ToString(), result.ToolTip);

    private static CompletionResult Completion(string text)
    {
        var parts = Split(text, 4);
        return new(parts[0]!, parts[1]!, Enum.Parse<CompletionResultType>(parts[2]!), parts[3]!);
    }

    private static string TextOf(ModuleSpecification module) => Join(
        module.Name, module.Version?.ToString(), module.MaximumVersion, module.RequiredVersion?.ToString(), module.Guid?.ToString());

    private static ModuleSpecification Module(string text)
    {
        var parts = Split(text, 5);
        var given = new Hashtable();
        foreach (var (key, part) in ModuleKeys.Zip(parts))
        {
            if (part is not null)
                given[key] = part;
        }

        return given.Count == 1 ? new(parts[0]!) : new(given);
    }

    private static string TextOf(ProgressRecord record) => Join(
        Number(record.ActivityId), record.Activity, record.StatusDescription, record.CurrentOperation, Number(record.PercentComplete),
        Number(record.SecondsRemaining), Number(record.ParentActivityId), record.RecordType.ToString());

    private static ProgressRecord Progress(string text)
    {
        var parts = Split(text, 8);
        return new(Number(parts[0]), parts[1]!, parts[2]!)
        {
            CurrentOperation = parts[3],
            PercentComplete = Number(parts[4]),
            SecondsRemaining = Number(parts[5]),
            ParentActivityId = Number(parts[6]),
            RecordType = Enum.Parse<ProgressRecordType>(parts[7]!),
        };
    }

    private static string Join(params string?[] parts) => JsonSerializer.Serialize(parts);

    private static string?[] Split(string text, int count) =>
        JsonSerializer.Deserialize<string?[]>(text) is { } parts && parts.Length == count
            ? parts
            : throw new FormatException($"The text does not have {count} parts.");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string? text) => int.Parse(text!, CultureInfo.InvariantCulture);
}
