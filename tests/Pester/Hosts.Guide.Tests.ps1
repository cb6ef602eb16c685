BeforeDiscovery {
    $whyNoSshd = if ($IsWindows) { 'the servers of the tests are for Linux and macOS' } else { sh (Join-Path $PSScriptRoot '../Hosts/sshd.sh') check }
}

Describe 'The guide of hosts' -Skip:([bool]$whyNoSshd) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        . (Join-Path $PSScriptRoot 'HostSession.ps1')
        $servers = Start-TestServers 3
        # The machines of the guide, as ~/.ssh/config would have them. Their user is whoever runs the suite.
        $names = @(@('web1', 'node1'), @('web2', 'node2'), @('db1', 'node3'))
        $bin = (New-Item (Join-Path $TestDrive 'bin') -ItemType Directory).FullName
        $configuration = Join-Path $bin 'config'
        0..2 | ForEach-Object {
            "Host $($names[$_])", '    HostName 127.0.0.1', "    Port $($servers.Ports[$_])", "    IdentityFile $($servers.Folder)/user_key",
            '    IdentitiesOnly yes', '    IdentityAgent none', "    UserKnownHostsFile $($servers.Folder)/known_hosts", '    StrictHostKeyChecking yes'
        } | Set-Content $configuration
        $ssh = Join-Path $bin 'ssh'
        @"
#!/bin/sh
for word; do
    shift
    case `$word in ops) word='$([Environment]::UserName)' ;; ConnectTimeout=*) word=ConnectTimeout=120 ;; esac
    set -- "`$@" "`$word"
done
exec '$((Get-Command ssh -CommandType Application)[0].Source)' -F '$configuration' "`$@"
"@ | Set-Content $ssh
        chmod +x $ssh
        $guide = Get-Content (Join-Path $RepositoryRoot 'docs/about_Lythonic.Dag_Hosts.md') -Raw
        $examples = [regex]::Matches($guide, '(?m)^((?:    .*\r?\n|\r?\n(?=    ))+)').ForEach({ $_.Value }).Where({ $_ -match 'Invoke-Dag' })
    }

    AfterAll {
        Stop-TestServers $servers
        Restore-TestSession
    }

    It 'has examples over SSH that run as they are written' {
        $examples.Count | Should -Be 3
        # A busy machine needs more than the default time to start PowerShell. One slot of each host shows what several would.
        $script = $examples.ForEach({ "`$run = & {`n$_`n}`n`"`$(`$run.Status) `$(@(`$run.Nodes[1].ChildRuns.Nodes.Host | Sort-Object -Unique) -join ',')`"; `"`$(`$run.Outputs[`$run.Nodes[1].Label])`"" }) -join "`n"
        $said = Invoke-ChildPwsh "`$env:PATH = '$bin' + [IO.Path]::PathSeparator + `$env:PATH`nfunction New-DagHost([string[]]`$HostName, [int]`$Slots) { `$given = Lythonic.Dag\New-DagHost @PSBoundParameters; if (`$given.Count -eq 3) { Lythonic.Dag\New-DagHost `$HostName -ConnectTimeout 120 } }`n$script"
        $kernel = uname -r
        $said[0..1] | Should -Be 'completed ops@db1,ops@web1,ops@web2', "$kernel $kernel $kernel"
        $said[2] | Should -BeLike 'completed *node1*'
        $said[3] | Should -Be "$(1..20 | ForEach-Object { "frame $_, rendered by $(uname -n)" })"
        $said[4..5] | Should -Be 'completed ops@db1,ops@web1,ops@web2', "$kernel $kernel $kernel"
    }
}
