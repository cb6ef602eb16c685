using System.Management.Automation.Remoting;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Lythonic.Dag.Transport.Tests.Commands;

/// <summary>The declarations that the transport was compiled against are those of the PowerShell that runs.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Every_member_that_the_transport_uses_is_there()
    {
        var module = typeof(HostConnection).Module;
        using var file = new PEReader(File.OpenRead(module.FullyQualifiedName));

        foreach (var handle in file.GetMetadataReader().MemberReferences)
            Assert.NotNull(module.ResolveMember(MetadataTokens.GetToken(handle), [typeof(object)], [typeof(object), typeof(object)]));
    }

    [Theory]
    [InlineData(TransportMethodEnum.CloseShellOperationEx, 4)]
    public void A_constant_that_was_compiled_in_has_its_value(TransportMethodEnum constant, int value) =>
        Assert.Equal(value, (int)constant);

    [Fact]
    public void It_asks_for_no_newer_PowerShell_than_the_cmdlets_do() =>
        Assert.Equal(new Version(3, 0, 0, 0),
            typeof(HostConnection).Assembly.GetReferencedAssemblies().Single(name => name.Name == "System.Management.Automation").Version);
}
