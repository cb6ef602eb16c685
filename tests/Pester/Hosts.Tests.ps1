BeforeDiscovery {
    $whyNoSshd = if ($IsWindows) { 'the servers of the tests are for Linux and macOS' } else { sh (Join-Path $PSScriptRoot '../Hosts/sshd.sh') check }
}

Describe 'Hosts over SSH' -Skip:([bool]$whyNoSshd) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        . (Join-Path $PSScriptRoot 'HostSession.ps1')
        $servers = Start-TestServers 2
        $access = Get-TestAccess $servers
        $names = $servers.Ports.ForEach({ "$([Environment]::UserName)@127.0.0.1:$_" })
    }

    AfterAll {
        Stop-TestServers $servers
        Restore-TestSession
    }

    It 'run a node, which knows the name of its host, and the database too' {
        $there = New-TestHost $servers
        $run = New-Dag ssh { Add-DagNode a -On $there { "$($DagContext.HostName) $([bool]$env:SSH_CONNECTION) $($DagContext.Attempt)" } } | Invoke-Dag
        $run.Outputs['a'] | Should -Be "$($names[0]) True 1"
        $run.Nodes['a'].Host | Should -Be $names[0]
        (Invoke-StoreQuery $run.DatabasePath "SELECT host FROM node_executions WHERE run_id = '$($run.RunId)'").host | Should -Be $names[0]
    }

    It 'keep neither keys nor options in the database' {
        $there = New-TestHost $servers
        $run = New-Dag secret { Add-DagNode a -On $there { 1 } } | Invoke-Dag
        # The last text may still be in the log beside the file.
        $files = @(Get-ChildItem "$($run.DatabasePath)*" | ForEach-Object { [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($_.FullName)) })
        $bytes = $files -join ''
        $bytes.Contains($names[0]) | Should -BeTrue
        $bytes | Should -Not -BeLike '*user_key*'
        $bytes | Should -Not -BeLike '*IdentitiesOnly*'
    }

    It 'say why they cannot be reached, in the words of ssh: <What>' -ForEach @(
        @{ What = 'a refused port'; Over = @{ Port = 1 }; Words = 'Connection refused' }
        @{ What = 'a wrong key'; Over = @{ KeyFilePath = 'other_key' }; Words = 'Permission denied' }
        @{ What = 'an unknown host key'; Over = @{ Options = @{ UserKnownHostsFile = '/dev/null'; GlobalKnownHostsFile = '/dev/null'; StrictHostKeyChecking = 'yes' } }; Words = 'Host key verification failed' }
        @{ What = 'a missing subsystem'; Over = @{ Subsystem = 'nothing' }; Words = 'subsystem request failed' }
    ) {
        if ($Over.KeyFilePath) { $Over.KeyFilePath = Join-Path $servers.Folder $Over.KeyFilePath }
        $there = New-TestHost $servers 0 $Over
        $run = New-Dag refused { Add-DagNode a -On $there { 1 } } | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable failed
        $run.Status | Should -Be failed
        $failed[0].CategoryInfo.Category | Should -Be ConnectionError
        $stored = Invoke-StoreQuery $run.DatabasePath "SELECT error, host FROM node_executions WHERE run_id = '$($run.RunId)'"
        $stored.error | Should -BeLike "*The host '$($there.Name)' is unreachable*$Words*"
        $stored.host | Should -Be $there.Name
    }

    It 'try again as often as -RetryCount says' {
        $there = New-TestHost $servers 0 @{ Port = 1 }
        $run = New-Dag again { Add-DagNode a -On $there -RetryCount 1 { 1 } } | Invoke-Dag -ErrorAction SilentlyContinue
        $run.Nodes['a'].Attempt | Should -Be 2
    }

    It 'take the connection of a PSSession as a pattern and leave the session alone' {
        $given = @{} + $access
        $given.Remove('ConnectTimeout')
        $session = New-PSSession -HostName 127.0.0.1 -Port $servers.Ports[1] -ConnectingTimeout 120000 @given
        try {
            $run = New-Dag session { Add-DagNode a -On $session { "$($DagContext.HostName) $([bool]$env:SSH_CONNECTION)" } } | Invoke-Dag
            $run.Outputs['a'] | Should -Be '127.0.0.1 True'
            # Nodes that name it share one slot, and so one connection.
            $run = New-Dag shared { foreach ($i in 1..3) { Add-DagNode "n$i" -On $session { $PID } } } | Invoke-Dag -NoProvenance
            @($run.Outputs.Values | Sort-Object -Unique).Count | Should -Be 1
            Invoke-Command -Session $session { 5 } | Should -Be 5
        }
        finally { Remove-PSSession $session }
    }

    It 'are the ones that a scriptblock names for each element' {
        $ports = $servers.Ports
        $run = New-Dag each {
            Add-DagNode ports { $using:ports }
            Add-DagNode a -After ports -On { @{ HostName = "127.0.0.1:$_" } + $using:access } -Map { "$_ $($env:SSH_CONNECTION.Split(' ')[-1])" }
        } | Invoke-Dag
        $run.Outputs['a'] | Should -Be $ports.ForEach({ "$_ $_" })
        $run.Nodes['a'].ChildRuns.Nodes.Host | Should -Be $names
    }

    It 'are refused before anything starts where a name that comes from data could be an option: <_>' -ForEach '-oProxyCommand=touch ran', '-oProxyCommand=touch${IFS}ran', "a`nb", 'a b' {
        $name = $_
        Push-Location $TestDrive
        try {
            $run = New-Dag data {
                Add-DagNode names { $using:name }
                Add-DagNode a -After names -On { $_ } -Map { 1 }
            } | Invoke-Dag -ErrorAction SilentlyContinue -ErrorVariable failed
        }
        finally { Pop-Location }
        $run.Status | Should -Be failed
        "$failed" | Should -BeLike '*host name*'
        Join-Path $TestDrive ran | Should -Not -Exist
    }

    It 'give up a frozen one after its keep-alive' {
        $there = New-TestHost $servers 0 @{ KeepAlive = 1 }
        # On a busy machine, it may be given up before it is frozen: another trial is made then.
        foreach ($trial in 1..10) {
            $file = Join-Path $TestDrive "frozen-$trial"
            $job = New-Dag frozen { Add-DagNode a -On $there { Set-Content $using:file $PID; while ($true) { Start-Sleep -Milliseconds 50 } } } | Invoke-Dag -AsJob
            Wait-Until { $job.State -in 'Completed', 'Failed' -or ((Test-Path $file) -and (Get-Content $file)) }
            $server = (Test-Path $file) ? (Get-ParentId (Get-Content $file)) : 0
            # Without a process, kill would take the group of this one, or the first process of all.
            if ($server -gt 1) { break }
        }
        $server | Should -BeGreaterThan 1
        kill -STOP $server
        try {
            $run = $job | Wait-Job | Receive-Job -ErrorAction SilentlyContinue
            $run.Nodes['a'].Error | Should -BeLike "*$($there.Name)*unreachable*not responding*"
        }
        finally { kill -CONT $server }
    }

    It 'stop code at its -Timeout' {
        $there = New-TestHost $servers
        # Code has two seconds to stop, which may be too few on a busy machine: another trial is made then.
        foreach ($trial in 1..10) {
            $run = New-Dag slow { Add-DagNode a -On $there -Timeout 2 { while ($true) { Start-Sleep -Milliseconds 20 } } } | Invoke-Dag -ErrorAction SilentlyContinue
            if ($run.Nodes['a'].Error -notlike '*may still run*') { break }
        }
        $run.Nodes['a'].Error | Should -BeLike '*timed out*'
        $run.Nodes['a'].Error | Should -Not -BeLike '*may still run*'
        # The host is well, and the next node runs there.
        (New-Dag next { Add-DagNode a -On $there { 1 } } | Invoke-Dag).Outputs['a'] | Should -Be 1
    }

    It 'say of code that cannot be stopped that it may still run there, serve the next node, and end with that code some time after its connection' {
        $there = New-TestHost $servers
        $file = Join-Path $TestDrive 'endless'
        # It is one statement: between two, code can be stopped.
        $job = New-Dag endless { Add-DagNode a -On $there { [Threading.Thread]::Sleep([int][IO.File]::WriteAllText($using:file, $PID) - 1) } } | Invoke-Dag -AsJob
        Wait-Until { (Test-Path $file) -and (Get-Content $file) }
        $job | Stop-Job
        (Get-DagRun -DagName endless).Nodes['a'].Error | Should -BeLike '*may still run on host*'
        (New-Dag next { Add-DagNode a -On $there { 1 } } | Invoke-Dag).Outputs['a'] | Should -Be 1
        Wait-Until { Test-Ended (Get-Content $file) }
    }
}
